import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Redirect, useParams } from 'wouter'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'
import { Page } from '../../ui/Page.tsx'
import { StageBar } from '../../ui/StageBar.tsx'
import deploy from '../deploy/Deploy.module.css'
import { MeasureStage } from './MeasureStage.tsx'
import { beginWith } from './probe-draft.ts'
import { ReviewStage } from './ReviewStage.tsx'
import { TargetStage } from './TargetStage.tsx'

const STAGES = ['target', 'measure', 'review'] as const
const TITLES = { target: 'Target', measure: 'What to measure', review: 'Review' } as const
const PAGES = { target: TargetStage, measure: MeasureStage, review: ReviewStage } as const

/** What the configuration asks of probes is where the draft begins. */
const useDefaults = (): void => {
  const { data } = useQuery({
    queryKey: ['probe', 'defaults'],
    enabled: useIsOpen(),
    queryFn: ({ signal }) => currentClient().call('probe.defaults', {}, { signal }),
  })
  useEffect(() => {
    if (data !== undefined) beginWith(data)
  }, [data])
}

/** The wizard: towards what, what of it, and a review. Each page has an address, so "back" works. */
export const NewProbe = () => {
  const { step = 'target' } = useParams<{ step?: string }>()
  const stage = STAGES.find((each) => each === step)
  useDefaults()
  if (stage === undefined) return <Redirect to="/probe/new" replace />
  const Stage = PAGES[stage]
  return (
    <Page title="New probe" lead="Nothing is made or sent before you have reviewed it.">
      <div className={deploy.wizard}>
        <StageBar label="Stages of the probe" stages={STAGES} titles={TITLES} here={stage} />
        <Stage />
      </div>
    </Page>
  )
}
