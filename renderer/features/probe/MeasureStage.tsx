import { Button, Checkbox, Chip, NumberInput, SegmentedControl, TextInput } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { useLocation } from 'wouter'
import { PART_NAMES } from '../../../domain/probe/describe.ts'
import { PROBE_PARTS, type ProbePart } from '../../../domain/probe/request.ts'
import { renderDuration } from '../../ui/format.ts'
import deploy from '../deploy/Deploy.module.css'
import { StageBody } from '../deploy/StageBody.tsx'
import css from './NewProbe.module.css'
import { type DraftErrors, parseProbeDraft, partsFor, useProbeDraft } from './probe-draft.ts'
import { loadMs, spanMs } from './probe-span.ts'

const TEXTS: Readonly<Record<ProbePart, string>> = {
  interface: 'Speed, MTU, offloads, queues and buffers of this host: read, nothing is sent.',
  mtu: 'Packets that may not be fragmented, up to the byte at which they no longer pass.',
  latency: 'Echoes to the target; connections to the regions’ public endpoints.',
  bandwidth: 'iperf3 over one stream and several: as much as the path carries, which others on it will notice.',
}

const STREAMS = [1, 2, 4, 8, 16, 32] as const

type FieldsProps = { readonly errors: DraftErrors }

const MtuFields = ({ errors }: FieldsProps) => (
  <TextInput
    label="Sizes to try first"
    description="Bytes of the IP packet; between them it is searched."
    value={useProbeDraft(({ mtuRungs }) => mtuRungs)}
    error={errors.mtuRungs}
    onChange={({ currentTarget }) => useProbeDraft.setState({ mtuRungs: currentTarget.value })}
  />
)

const LatencyFields = () => (
  <Checkbox
    size="xs"
    label="Also to the regions of AWS"
    description="A few TCP connections to each; nothing is sent over them."
    checked={useProbeDraft(({ allRegions }) => allRegions)}
    onChange={({ currentTarget }) => useProbeDraft.setState({ allRegions: currentTarget.checked })}
  />
)

const DIRECTIONS = [
  { value: 'both', label: 'Both ways', directions: ['upload', 'download'] },
  { value: 'upload', label: 'Upload', directions: ['upload'] },
  { value: 'download', label: 'Download', directions: ['download'] },
] as const

const StreamsField = ({ errors }: FieldsProps) => {
  const streams = useProbeDraft((draft) => draft.streams)
  const offered = [...new Set([...STREAMS, ...streams])].toSorted((a, b) => a - b)
  return (
    <fieldset className={css.group}>
      <legend>Streams at once</legend>
      <Chip.Group
        multiple
        value={streams.map(String)}
        onChange={(chosen) => useProbeDraft.setState({ streams: chosen.map(Number).toSorted((a, b) => a - b) })}
      >
        <div className={css.chips}>
          {offered.map((count) => (
            <Chip key={count} value={String(count)} size="xs" radius="sm">
              {count}
            </Chip>
          ))}
        </div>
      </Chip.Group>
      {errors.streams !== undefined && <p className={css.error}>{errors.streams}</p>}
    </fieldset>
  )
}

const BandwidthFields = ({ errors }: FieldsProps) => {
  const { seconds, directions, udp, sourceFile } = useProbeDraft()
  return (
    <>
      <StreamsField errors={errors} />
      <fieldset className={css.group}>
        <legend>Direction</legend>
        <SegmentedControl
          size="xs"
          aria-label="Direction"
          value={directions.length === 2 ? 'both' : (directions[0] ?? 'both')}
          data={DIRECTIONS.map(({ value, label }) => ({ value, label }))}
          onChange={(value) =>
            useProbeDraft.setState({ directions: DIRECTIONS.find((each) => each.value === value)?.directions ?? [] })
          }
        />
      </fieldset>
      <NumberInput
        label="Each run for"
        description="Long ones see a burst credit end."
        suffix=" s"
        clampBehavior="none"
        allowDecimal={false}
        allowNegative={false}
        value={seconds}
        error={errors.seconds}
        onChange={(value) => useProbeDraft.setState({ seconds: value })}
      />
      <TextInput
        label="Send this file"
        description="Shows whether a disk limits. Empty: from memory."
        placeholder="/data/sample.h5"
        value={sourceFile}
        error={errors.sourceFile}
        onChange={({ currentTarget }) => useProbeDraft.setState({ sourceFile: currentTarget.value })}
      />
      <Checkbox
        className={css.whole ?? ''}
        size="xs"
        label="Steps of UDP as well"
        description="They tell a limit on each flow from a full path. Never more than twice of what TCP got is offered."
        checked={udp}
        onChange={({ currentTarget }) => useProbeDraft.setState({ udp: currentTarget.checked })}
      />
    </>
  )
}

const FIELDS: Readonly<Partial<Record<ProbePart, (props: FieldsProps) => ReactNode>>> = {
  mtu: MtuFields,
  latency: LatencyFields,
  bandwidth: BandwidthFields,
}

const PartRow = ({ part, errors }: FieldsProps & { readonly part: ProbePart }) => {
  const id = useId()
  const { kind, parts } = useProbeDraft()
  const isPossible = partsFor(kind, PROBE_PARTS).includes(part)
  const isChosen = isPossible && parts.includes(part)
  const Fields = FIELDS[part]
  return (
    <li className={css.part} data-chosen={isChosen}>
      <Checkbox
        id={id}
        label={PART_NAMES[part]}
        description={isPossible ? TEXTS[part] : 'Wants a target at the other end.'}
        checked={isChosen}
        disabled={!isPossible}
        onChange={({ currentTarget: { checked } }) =>
          useProbeDraft.setState((draft) => ({
            parts: PROBE_PARTS.filter((each) => (each === part ? checked : draft.parts.includes(each))),
          }))
        }
      />
      {isChosen && Fields !== undefined && (
        <div className={css.options}>
          <Fields errors={errors} />
        </div>
      )}
    </li>
  )
}

/** What is measured, and how thoroughly; and how long that takes. */
export const MeasureStage = () => {
  const [, navigate] = useLocation()
  const draft = useProbeDraft()
  const { request, errors } = parseProbeDraft(draft)
  const load = request === null ? 0 : loadMs(request)
  return (
    <StageBody title="What is to be measured?" text="Without bandwidth it is a quick probe: under ten seconds.">
      <form
        className={deploy.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (request !== null) navigate('/probe/new/review')
        }}
      >
        <ul className={css.parts}>
          {PROBE_PARTS.map((part) => (
            <PartRow key={part} part={part} errors={errors} />
          ))}
        </ul>
        <p className={css.summary} data-wrong={request === null} aria-live="polite">
          {request === null
            ? (errors.parts ?? 'Something above has to be corrected.')
            : `Takes about ${renderDuration(spanMs(request))}${load === 0 ? ', and sends next to nothing.' : `; for ${renderDuration(load)} of it, it sends as much as the path carries.`}`}
        </p>
        <div className={deploy.foot}>
          <Button variant="default" onClick={() => navigate('/probe/new')}>
            Back
          </Button>
          <Button type="submit" disabled={request === null}>
            Continue to review
          </Button>
        </div>
      </form>
    </StageBody>
  )
}
