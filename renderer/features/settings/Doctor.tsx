import { Button, Skeleton } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'
import { CheckList } from '../../ui/CheckList.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './Settings.module.css'

const Waiting = () => (
  <div className={css.waiting} aria-busy="true">
    {[70, 54, 62, 48, 66].map((width) => (
      <Skeleton key={width} height={18} width={`${width}%`} />
    ))}
  </div>
)

/** What the machine has and lacks, with the remedy beside each lack. */
export const Doctor = () => {
  const doctor = useQuery({
    queryKey: ['doctor'],
    enabled: useIsOpen(),
    queryFn: ({ signal }) => currentClient().call('system.doctor', {}, { signal }),
  })
  return (
    <Panel
      title="Doctor"
      flush
      aside={
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconRefresh size={14} />}
          loading={doctor.isFetching}
          onClick={() => void doctor.refetch()}
        >
          Check again
        </Button>
      }
    >
      {doctor.error !== null && (
        <div className={css.problem}>
          <ProblemNote problem={toProblem(doctor.error)} />
        </div>
      )}
      {doctor.data === undefined ? doctor.error === null && <Waiting /> : <CheckList checks={doctor.data.checks} />}
    </Panel>
  )
}
