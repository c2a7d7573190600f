import { Button, Skeleton } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { DoctorCheck } from '../../../contract/app.ts'
import { currentClient, useConnection } from '../../app/connection-store.ts'
import { Commandline } from '../../ui/Commandline.tsx'
import { renderCount } from '../../ui/format.ts'
import { HealthMark } from '../../ui/Health.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './Settings.module.css'

const STATES = {
  ok: { level: 'good', word: 'present' },
  warning: { level: 'warn', word: 'could be better' },
  missing: { level: 'bad', word: 'missing' },
} as const

/** Those that need something done first; otherwise as the engine told them. */
const ORDER: readonly DoctorCheck['state'][] = ['missing', 'warning', 'ok']

const Check = ({ check }: { readonly check: DoctorCheck }) => {
  const { level, word } = STATES[check.state]
  return (
    <li className={css.check} data-state={check.state}>
      <span className={css.checkMark}>
        <HealthMark level={level} />
      </span>
      <span className={css.checkTitle}>{check.title}</span>
      <span className={css.checkState}>{word}</span>
      <span className={css.detail}>{check.detail}</span>
      {check.remedy !== null && (
        <div className={css.remedy}>
          <span className={css.remedyLabel}>What to do</span>
          <Commandline text={check.remedy} label={`the remedy for ${check.title}`} />
        </div>
      )}
    </li>
  )
}

const Verdict = ({ checks }: { readonly checks: readonly DoctorCheck[] }) => {
  const missing = checks.filter(({ state }) => state === 'missing').length
  const warnings = checks.filter(({ state }) => state === 'warning').length
  const level = missing > 0 ? 'bad' : warnings > 0 ? 'warn' : 'good'
  const text =
    missing > 0
      ? `${renderCount(missing, 'thing')} missing: some of what Cloud Mole does cannot work on this machine.`
      : warnings > 0
        ? `Everything needed is there; ${renderCount(warnings, 'thing')} could be better.`
        : 'Everything needed is there.'
  return (
    <p className={css.verdict} role="status">
      <HealthMark level={level} />
      {text}
    </p>
  )
}

const Waiting = () => (
  <div className={css.waiting} aria-busy="true">
    {[70, 54, 62, 48, 66].map((width) => (
      <Skeleton key={width} height={18} width={`${width}%`} />
    ))}
  </div>
)

/** What the machine has and lacks, with the remedy beside each lack. */
export const Doctor = () => {
  const isOpen = useConnection(({ status }) => status === 'open')
  const doctor = useQuery({
    queryKey: ['doctor'],
    enabled: isOpen,
    queryFn: ({ signal }) => currentClient().call('system.doctor', {}, { signal }),
  })
  const checks = doctor.data?.checks.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
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
      {checks === undefined ? (
        doctor.error === null && <Waiting />
      ) : (
        <>
          <Verdict checks={checks} />
          <ul className={css.checks} aria-label="Checks">
            {checks.map((check) => (
              <Check key={check.id} check={check} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  )
}
