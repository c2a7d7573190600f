import { IconCheck } from '@tabler/icons-react'
import css from './StageBar.module.css'
import { STAGES, type Stage } from './stages.ts'

/** Where in the wizard one is. */
export const StageBar = ({ here }: { readonly here: Stage }) => {
  const current = STAGES.findIndex(({ id }) => id === here)
  return (
    <ol className={css.bar} aria-label="Stages of the deployment">
      {STAGES.map(({ id, title }, index) => (
        <li
          key={id}
          className={css.stage}
          data-state={index < current ? 'past' : index === current ? 'here' : 'ahead'}
          aria-current={index === current ? 'step' : undefined}
        >
          <span className={css.mark} aria-hidden="true">
            {index < current ? <IconCheck size={12} stroke={3} /> : index + 1}
          </span>
          <span className={css.title}>{title}</span>
        </li>
      ))}
    </ol>
  )
}
