import type { UdpStep } from '../../../domain/probe/bandwidth.ts'
import { renderRate, renderRatio } from '../../ui/format.ts'
import { Sourced } from './Sourced.tsx'
import css from './Streams.module.css'

type StepProps = { readonly step: UdpStep; readonly most: number }

const Step = ({ step, most }: StepProps) => {
  const { offeredBitsPerSecond, receivedBitsPerSecond, lossRatio, flows, direction } = step
  return (
    <li className={css.step} data-lossy={lossRatio > 0.02} data-direction={direction}>
      <span className={css.offer}>
        {renderRate(offeredBitsPerSecond)}
        <span className={css.flows}>{flows === 1 ? '1 flow' : `${flows} flows`}</span>
      </span>
      <span className={css.rail} aria-hidden="true">
        <span className={css.offered} style={{ width: `${(100 * offeredBitsPerSecond) / most}%` }} />
        <span className={css.arrived} style={{ width: `${(100 * receivedBitsPerSecond.value) / most}%` }} />
      </span>
      <span>
        <Sourced from={receivedBitsPerSecond.from}>{renderRate(receivedBitsPerSecond.value)}</Sourced>
        <span className={css.lost}>{renderRatio(lossRatio)} lost</span>
      </span>
    </li>
  )
}

type ListProps = { readonly steps: readonly UdpStep[]; readonly most: number; readonly label: string }

const Steps = ({ steps, most, label }: ListProps) => (
  <ol className={css.steps} aria-label={label}>
    {steps.map((step, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: steps keep their places, and two may offer the same
      <Step key={index} step={step} most={most} />
    ))}
  </ol>
)

/** What was offered by UDP and what of it arrived: a limit on each flow looks otherwise here than a full path. */
export const UdpSteps = ({ steps }: { readonly steps: readonly UdpStep[] }) => {
  const most = Math.max(1, ...steps.map(({ offeredBitsPerSecond }) => offeredBitsPerSecond))
  const up = steps.filter(({ direction }) => direction === 'upload')
  const down = steps.filter(({ direction }) => direction === 'download')
  return (
    <div className={css.udp}>
      <h3 className={css.subtitle}>UDP, step by step</h3>
      <p className={css.hint}>
        What was offered (frame) and what of it arrived (filled). If more flows carry more than one, each flow is
        limited.
      </p>
      {up.length > 0 && <Steps steps={up} most={most} label="Steps of UDP, upload" />}
      {down.length > 0 && (
        <>
          <p className={css.hint}>Download</p>
          <Steps steps={down} most={most} label="Steps of UDP, download" />
        </>
      )}
    </div>
  )
}
