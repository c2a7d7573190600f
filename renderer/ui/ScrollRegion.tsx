import type { ReactNode } from 'react'
import css from './ScrollRegion.module.css'

type Props = { readonly label: string; readonly className?: string | undefined; readonly children: ReactNode }

/** Scrolls where there is more than fits, also by the keyboard: so it takes the focus. */
export const ScrollRegion = ({ label, className, children }: Props) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: where it scrolls, the keyboard must be able to scroll it
  <section className={[css.region, className].filter(Boolean).join(' ')} tabIndex={0} aria-label={label}>
    {children}
  </section>
)
