import { IconCheck } from '@tabler/icons-react'
import css from './StageBar.module.css'
import { STAGE_TITLES, type Stage } from './stages.ts'

type Props = { readonly stages: readonly Stage[]; readonly here: Stage }

/** Where in the wizard one is. */
export const StageBar = ({ stages, here }: Props) => {
  const current = stages.indexOf(here)
  return (
    <ol className={css.bar} aria-label="Stages of the deployment">
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
          <span className={css.title}>{STAGE_TITLES[id]}</span>
        </li>
      ))}
    </ol>
  )
}
