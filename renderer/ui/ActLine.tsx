import type { ReactNode } from 'react'
import css from './ActLine.module.css'

type Props = { readonly text: string; readonly children: ReactNode }

/** What an act does, and beside it the button that does it. */
export const ActLine = ({ text, children }: Props) => (
  <div className={css.line}>
    <p className={css.text}>{text}</p>
    {children}
  </div>
)
