import { NumberInput } from '@mantine/core'
import { Panel } from '../../ui/Panel.tsx'
import css from './NewProbe.module.css'
import { type DraftErrors, type ProbeDraft, useProbeDraft } from './probe-draft.ts'

const FIELDS = [
  { key: 'rateMegabits', label: 'Rate of the path', description: 'Both ways, on the wire.', suffix: ' Mbit/s' },
  { key: 'mtuBytes', label: 'Largest packet', description: 'Its path MTU.', suffix: ' bytes' },
  { key: 'delayMs', label: 'Delay', description: 'Added to the round trip.', suffix: ' ms' },
  { key: 'lossPercent', label: 'Loss', description: 'Each way.', suffix: ' %' },
  { key: 'flowRateMegabits', label: 'Limit of each flow', description: 'Empty: none.', suffix: ' Mbit/s' },
  { key: 'blackHoleAboveBytes', label: 'Black hole above', description: 'Empty: none.', suffix: ' bytes' },
  { key: 'windowKibibytes', label: 'Far end’s window', description: 'Empty: grows by itself.', suffix: ' KiB' },
  { key: 'senderMegabits', label: 'Sender has', description: 'Empty: always something.', suffix: ' Mbit/s' },
] as const satisfies readonly { key: keyof ProbeDraft; label: string; description: string; suffix: string }[]

/** What the path to the lab's site is like: known truths, which the probe is to find out. */
export const SiteFields = ({ errors }: { readonly errors: DraftErrors }) => {
  const draft = useProbeDraft()
  return (
    <Panel title="What the lab’s path is like">
      <div className={css.quarters}>
        {FIELDS.map(({ key, label, description, suffix }) => (
          <NumberInput
            key={key}
            label={label}
            description={description}
            suffix={suffix}
            clampBehavior="none"
            allowNegative={false}
            value={draft[key]}
            error={errors[key]}
            onChange={(value) => useProbeDraft.setState({ [key]: value })}
          />
        ))}
      </div>
    </Panel>
  )
}
