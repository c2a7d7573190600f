import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useLocation } from 'wouter'
import type { Target } from '../../../contract/app.ts'
import type { ConfigValue } from '../../../domain/config/resolve.ts'
import { MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'
import { AskAgainNote } from '../../ui/AskAgainNote.tsx'
import { useTargets } from '../deployment/use-targets.ts'
import { advisedDraft } from './advised-draft.ts'
import { awsDraftIn, carriedIn } from './aws-draft.ts'
import css from './Deploy.module.css'
import { usePlanDraft } from './plan-draft.ts'
import { StageBody } from './StageBody.tsx'
import { nextOf } from './stages.ts'
import { TargetCard } from './TargetCard.tsx'
import step from './TargetStep.module.css'

/** What the configuration says of AWS is where its plan begins. */
const useConfigured = () =>
  useQuery({
    queryKey: ['config'],
    enabled: useIsOpen(),
    staleTime: 0,
    queryFn: ({ signal }) => currentClient().call('config.show', {}, { signal }),
  })

const chooseLab = (): void =>
  usePlanDraft.setState(({ tunnels }) => ({
    target: 'lab',
    bastions: 1,
    tunnels: Math.min(MAX_TUNNELS_PER_BASTION, Math.max(1, Number(tunnels))),
  }))

const chooseAws = (values: readonly ConfigValue[]): void =>
  usePlanDraft.setState((draft) => {
    if (draft.aws.vpcId !== null) return { target: 'aws' }
    const { advice } = draft
    const aws = awsDraftIn(values)
    const begun = {
      ...draft,
      target: 'aws' as const,
      aws: { ...aws, ...advice?.account },
      ...carriedIn(values),
      allowedTypes: aws.instanceTypes,
      // It may be scaled up to what the bastions it may have carry.
      maxTunnels: Number(aws.maxBastions) * MAX_TUNNELS_PER_BASTION,
    }
    return advice === null ? begun : advisedDraft(begun, advice)
  })

type ChoicesProps = { readonly targets: readonly Target[]; readonly onAgain: () => void }

const Choices = ({ targets, onAgain }: ChoicesProps) => {
  const name = useId()
  const chosen = usePlanDraft((draft) => draft.target)
  const configured = useConfigured()
  return (
    <div role="radiogroup" aria-label="Target" className={step.targets}>
      {targets.map((target) => (
        <TargetCard
          key={target.id}
          name={name}
          target={target}
          checked={target.id === chosen}
          onChoose={() => (target.id === 'lab' ? chooseLab() : chooseAws(configured.data?.values ?? []))}
          onAgain={onAgain}
        />
      ))}
    </div>
  )
}

/** Where the tunnels lead. */
export const TargetStep = () => {
  const [, navigate] = useLocation()
  const targets = useTargets()
  const chosen = usePlanDraft((draft) => draft.target)
  const list = targets.data?.targets
  const isUsable = list?.some(({ id, available }) => id === chosen && available) ?? false
  return (
    <StageBody
      title="Where to?"
      text="The far end of the tunnels: where the bastion runs and the private network lies."
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (isUsable) navigate(nextOf(chosen, 'target'))
        }}
      >
        {targets.error !== null && <AskAgainNote query={targets} label="Ask again" />}
        {list === undefined
          ? targets.error === null && (
              <div aria-busy="true" className={step.targets}>
                <Skeleton height={120} radius="md" />
                <Skeleton height={120} radius="md" />
              </div>
            )
          : list.length > 0 && <Choices targets={list} onAgain={() => void targets.refetch()} />}
        <div className={css.foot}>
          <Button type="submit" disabled={!isUsable}>
            Continue
          </Button>
        </div>
      </form>
    </StageBody>
  )
}
