import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useLocation } from 'wouter'
import type { Target } from '../../../contract/app.ts'
import { currentClient, useConnection } from '../../app/connection-store.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './Deploy.module.css'
import { usePlanDraft } from './plan-draft.ts'
import { StageBody } from './StageBody.tsx'
import { TargetCard } from './TargetCard.tsx'

const useTargets = () => {
  const isOpen = useConnection(({ status }) => status === 'open')
  return useQuery({
    queryKey: ['targets'],
    enabled: isOpen,
    // What was missing may have been installed since the last look.
    staleTime: 0,
    queryFn: ({ signal }) => currentClient().call('targets.list', {}, { signal }),
  })
}

const Choices = ({ targets }: { readonly targets: readonly Target[] }) => {
  const name = useId()
  const chosen = usePlanDraft((draft) => draft.target)
  return (
    <div role="radiogroup" aria-label="Target" className={css.form}>
      {targets.map((target) => (
        <TargetCard
          key={target.id}
          name={name}
          target={target}
          checked={target.id === chosen}
          onChoose={() => usePlanDraft.setState({ target: target.id })}
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
          if (isUsable) navigate('/deploy/tunnels')
        }}
      >
        {targets.error !== null && (
          <ProblemNote
            problem={toProblem(targets.error)}
            actions={
              <Button size="xs" variant="default" onClick={() => void targets.refetch()}>
                Ask again
              </Button>
            }
          />
        )}
        {list === undefined
          ? targets.error === null && (
              <div aria-busy="true" className={css.form}>
                <Skeleton height={86} radius="md" />
                <Skeleton height={86} radius="md" />
              </div>
            )
          : list.length > 0 && <Choices targets={list} />}
        <div className={css.foot}>
          <Button type="submit" disabled={!isUsable}>
            Continue
          </Button>
        </div>
      </form>
    </StageBody>
  )
}
