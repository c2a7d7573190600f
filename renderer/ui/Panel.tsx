import { type ReactNode, useId } from 'react'
import css from './Panel.module.css'

type Props = {
  readonly title: string
  /** Controls at the right of the title. */
  readonly aside?: ReactNode
  readonly className?: string | undefined
  /** Content reaches the edges: tables and drawings. */
  readonly flush?: boolean
  readonly children: ReactNode
}

/** A titled part of a page: a region that a screen reader can jump to. */
export const Panel = ({ title, aside, className, flush = false, children }: Props) => {
  const id = useId()
  return (
    <section className={[css.panel, className].filter(Boolean).join(' ')} aria-labelledby={id}>
      <header className={css.head}>
        <h2 id={id} className={css.title}>
          {title}
        </h2>
        {aside !== undefined && <div className={css.aside}>{aside}</div>}
      </header>
      <div className={flush ? css.flush : css.body}>{children}</div>
    </section>
  )
}
