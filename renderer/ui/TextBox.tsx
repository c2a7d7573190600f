import css from './TextBox.module.css'

type Props = {
  readonly label: string
  readonly text: string
  readonly id?: string
  readonly className: string | undefined
}

/** A text as a machine wrote or reads it, in a box that scrolls. */
export const TextBox = ({ label, text, id, className }: Props) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
  <section id={id} className={[css.box, className].filter(Boolean).join(' ')} tabIndex={0} aria-label={label}>
    <pre>{text}</pre>
  </section>
)
