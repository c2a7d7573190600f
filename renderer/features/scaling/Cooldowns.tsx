import type { AutoscaleView } from '../../../contract/app.ts'
import { renderAge } from '../../ui/format.ts'
import { useEngineNow } from '../../ui/use-now.ts'
import css from './Utilisation.module.css'

const until = (atMs: number | null, nowMs: number, due: string): string =>
  atMs === null || atMs <= nowMs ? due : `in ${renderAge(Math.ceil((atMs - nowMs) / 1000))}`

/** When the load is looked at next, and how long a step must wait: counting down. */
export const Cooldowns = ({ autoscale }: { readonly autoscale: AutoscaleView }) => {
  const { settings, nextLookAtMs, upAllowedAtMs, downAllowedAtMs } = autoscale
  const now = useEngineNow(1000, settings.enabled)
  if (!settings.enabled) return <p className={css.off}>Autoscaling is off: the number of tunnels stays as it is.</p>
  const say = (atMs: number | null, due: string): string => until(atMs, now, due)
  return (
    <dl className={css.clocks} aria-label="Cooldowns">
      <div>
        <dt>Next look</dt>
        <dd>{say(nextLookAtMs, 'any moment')}</dd>
      </div>
      <div>
        <dt>A step up is allowed</dt>
        <dd>{say(upAllowedAtMs, 'now')}</dd>
      </div>
      <div>
        <dt>A step down is allowed</dt>
        <dd>{say(downAllowedAtMs, 'now')}</dd>
      </div>
    </dl>
  )
}
