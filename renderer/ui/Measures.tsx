import type { ReactNode } from 'react'
import css from './Measures.module.css'

type Props = { readonly label: string; readonly className?: string | undefined; readonly children: ReactNode }

/** Measures side by side in a frame; in rows of three or two where there is no room. */
export const Measures = ({ label, className, children }: Props) => (
  <section aria-label={label} className={className}>
    <dl className={css.measures}>{children}</dl>
  </section>
)
