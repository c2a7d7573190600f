import { type ReactNode, useEffect, useId, useRef } from 'react'
import css from './Deploy.module.css'

type Props = { readonly title: string; readonly text?: string; readonly children: ReactNode }

/** One page of the wizard. Its heading takes the focus when it comes, so that keyboard and reader go on from there. */
export const StageBody = ({ title, text, children }: Props) => {
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <section className={css.form} aria-labelledby={id}>
      <div>
        <h2 id={id} ref={heading} tabIndex={-1} className={css.heading} style={{ outline: 'none' }}>
          {title}
        </h2>
        {text !== undefined && <p className={css.text}>{text}</p>}
      </div>
      {children}
    </section>
  )
}
