import { Button, Skeleton } from '@mantine/core'
import { IconRadar2 } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import type { AppContract } from '../../../contract/app.ts'
import type { OutputOf } from '../../../contract/define.ts'
import { PART_NAMES, renderSize } from '../../../domain/probe/describe.ts'
import type { ProbeRequest } from '../../../domain/probe/request.ts'
import type { TargetId } from '../../../domain/tunnel-plan.ts'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'
import { AskAgainNote } from '../../ui/AskAgainNote.tsx'
import { type Fact, Facts } from '../../ui/Facts.tsx'
import { renderDuration, renderRate, renderRatio } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import deploy from '../deploy/Deploy.module.css'
import { CostPanel, ResourcesPanel, Warnings } from '../deploy/ReviewPanels.tsx'
import step from '../deploy/ReviewStep.module.css'
import { StageBody } from '../deploy/StageBody.tsx'
import { useDeployment } from '../deployment/deployment-store.ts'
import { parseProbeDraft, useProbeDraft } from './probe-draft.ts'
import { spanMs } from './probe-span.ts'
import { targetText } from './target-words.ts'

type Review = OutputOf<AppContract, 'probe.review'>
type Target = ProbeRequest['target']

const useProbeReview = (target: Target | undefined, up: TargetId | null) => {
  const isOpen = useIsOpen()
  return useQuery({
    // What measuring what is up means depends on what that is.
    queryKey: ['probe', 'review', target, up],
    enabled: isOpen && target !== undefined,
    staleTime: 0,
    queryFn: ({ signal }) => currentClient().call('probe.review', { target: target ?? { kind: 'none' } }, { signal }),
  })
}

const siteText = ({ site }: Extract<Target, { kind: 'lab' }>): string =>
  [
    renderRate(site.rateBitsPerSecond),
    `MTU ${site.mtuBytes}`,
    `${site.delayMs} ms`,
    ...(site.lossRatio === 0 ? [] : [`${renderRatio(site.lossRatio)} lost`]),
    ...(site.flowRateBitsPerSecond === null ? [] : [`${renderRate(site.flowRateBitsPerSecond)} a flow`]),
    ...(site.blackHoleAboveBytes === null ? [] : [`black hole above ${site.blackHoleAboveBytes}`]),
    ...(site.receiveWindowBytes === null ? [] : [`window of ${renderSize(site.receiveWindowBytes)}`]),
    ...(site.senderBitsPerSecond === null ? [] : [`sender has ${renderRate(site.senderBitsPerSecond)}`]),
  ].join(', ')

const factsOf = (request: ProbeRequest, up: TargetId | null): Fact[] => [
  { name: 'Target', value: targetText(request.target, up) },
  ...(request.target.kind === 'lab' ? [{ name: 'Its path', value: siteText(request.target) }] : []),
  { name: 'Measured', value: request.parts.map((part) => PART_NAMES[part]).join(', ') },
  ...(request.parts.includes('mtu') ? [{ name: 'Packet sizes', value: request.mtuRungs.join(', ') }] : []),
  ...(request.parts.includes('bandwidth')
    ? [
        { name: 'Streams', value: `${request.streams.join(', ')}; ${request.directions.join(' and ')}` },
        { name: 'Each run', value: `${request.seconds} s${request.udp ? ', then steps of UDP' : ''}` },
        ...(request.sourceFile === null
          ? []
          : [{ name: 'Sends', value: <span className="mono">{request.sourceFile}</span> }]),
      ]
    : []),
  { name: 'Takes about', value: renderDuration(spanMs(request)) },
]

type ReviewedProps = { readonly review: Review; readonly request: ProbeRequest; readonly up: TargetId | null }

const Reviewed = ({ review, request, up }: ReviewedProps) => (
  <>
    <Warnings warnings={review.warnings} />
    <div className={step.columns}>
      <Panel title="Probe">
        <Facts facts={factsOf(request, up)} />
      </Panel>
      <CostPanel costUsdPerHour={review.costUsdPerHour} costNote={review.costNote} />
    </div>
    {review.resources.length > 0 && (
      <ResourcesPanel title="Made for it, and taken away with it" resources={review.resources} />
    )}
  </>
)

const NOT_COMPLETE = {
  code: 'bad-input',
  message: 'The probe is not complete.',
  data: { nextStep: 'Go back and correct it.' },
} as const

/** What will be measured, made and paid: the last page before anything happens. */
export const ReviewStage = () => {
  const [, navigate] = useLocation()
  const { request } = parseProbeDraft(useProbeDraft())
  const up = useDeployment(({ view }) => view?.plan?.target ?? null)
  const review = useProbeReview(request?.target, up)
  const start = useMutation({ mutationFn: (order: ProbeRequest) => currentClient().call('probe.start', order) })
  return (
    <StageBody title="Is this right?" text="Nothing has been made or sent yet.">
      <form
        className={deploy.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (request !== null) start.mutate(request, { onSuccess: () => navigate('/probe') })
        }}
      >
        {request === null && <ProblemNote problem={NOT_COMPLETE} />}
        {request !== null && review.data !== undefined && <Reviewed review={review.data} request={request} up={up} />}
        {request !== null && review.data === undefined && review.error === null && (
          <div aria-busy="true" className={step.columns}>
            <Skeleton height={206} radius="md" />
            <Skeleton height={206} radius="md" />
          </div>
        )}
        {review.error !== null && <AskAgainNote query={review} />}
        {start.error !== null && <ProblemNote problem={toProblem(start.error)} />}
        <div className={deploy.foot}>
          <Button variant="default" onClick={() => navigate('/probe/new/measure')}>
            Back
          </Button>
          <Button
            type="submit"
            leftSection={<IconRadar2 size={16} />}
            loading={start.isPending}
            disabled={request === null || review.data === undefined}
          >
            Start measuring
          </Button>
          <span className={deploy.footNote}>It can be cancelled at any time; what it had found is kept.</span>
        </div>
      </form>
    </StageBody>
  )
}
