import { IconCheck } from '@tabler/icons-react'
import css from './StageBar.module.css'

type Props<Stage extends string> = {
  /** Whose stages they are: `Stages of the deployment`. */
  readonly label: string
  readonly stages: readonly Stage[]
  readonly titles: Readonly<Record<Stage, string>>
  readonly here: Stage
}

/** Where in a wizard one is. */
export const StageBar = <Stage extends string>({ label, stages, titles, here }: Props<Stage>) => {
  const current = stages.indexOf(here)
  return (
    <ol className={css.bar} aria-label={label}>
      {stages.map((id, index) => (
        <li
          key={id}
          className={css.stage}
          data-state={index < current ? 'past' : index === current ? 'here' : 'ahead'}
          aria-current={index === current ? 'step' : undefined}
        >
          <span className={css.mark} aria-hidden="true">
            {index < current ? <IconCheck size={12} stroke={3} /> : index + 1}
          </span>
          <span className={css.title}>{titles[id]}</span>
        </li>
      ))}
    </ol>
  )
}
