import type { ReactNode } from 'react'
import css from './EmptyNote.module.css'

type Props = { readonly title: string; readonly text: string; readonly children?: ReactNode }

/** What stands where there is nothing yet: why, and what to do. */
export const EmptyNote = ({ title, text, children }: Props) => (
  <div className={css.note}>
    <p className={css.title}>{title}</p>
    <p className={css.text}>{text}</p>
    {children !== undefined && <div className={css.actions}>{children}</div>}
  </div>
)
