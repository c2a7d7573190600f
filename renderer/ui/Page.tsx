import { type ReactNode, useEffect, useRef } from 'react'
import css from './Page.module.css'

type Props = {
  readonly title: string
  readonly lead?: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}

/** A page: its heading takes the focus when the person came by a link, so that reading goes on from there. */
export const Page = ({ title, lead, aside, children }: Props) => {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} – Cloud Mole`
    if (document.activeElement?.closest('nav') != null) return
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [title])
  return (
    <div className={css.page}>
      <header className={css.head}>
        <div>
          <h1 ref={heading} tabIndex={-1} className={css.title}>
            {title}
          </h1>
          {lead !== undefined && <p className={css.lead}>{lead}</p>}
        </div>
        {aside !== undefined && <div className={css.aside}>{aside}</div>}
      </header>
      {children}
    </div>
  )
}
