import { Button } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { Link, useLocation } from 'wouter'
import type { DeploymentView, ProfileSummary } from '../../../contract/app.ts'
import { renderCount, renderTime } from '../../ui/format.ts'
import { Health } from '../../ui/Health.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useConnect } from '../deployment/acts.ts'
import { describePhase } from '../deployment/phase.ts'
import { blockerOf } from './connectable.ts'
import { describePlan } from './describe-plan.ts'
import { ProfileMenu } from './ProfileMenu.tsx'
import css from './Profiles.module.css'

type Props = { readonly profile: ProfileSummary; readonly view: DeploymentView | null }

/** Whether it is the one that is up, being made or broken. */
const isHere = ({ profile, view }: Props): boolean => view?.profile === profile.name && view.id !== null

/** What connecting makes, or why it cannot be connected. */
const Makes = ({ name, plan, problems, notInForce }: ProfileSummary) => (
  <>
    {plan !== null && <span className="number">{describePlan(plan)}</span>}
    {plan === null && (
      <Health
        level="bad"
        text={problems.length === 0 ? 'More tunnels than one bastion carries' : renderCount(problems.length, 'problem')}
      />
    )}
    {plan === null && problems[0] !== undefined && (
      <Link href={`/profiles/${name}`} className={css.firstProblem ?? ''}>
        {problems[0].place !== null && `Line ${problems[0].place.line}: `}
        {problems[0].key} {problems[0].message}
      </Link>
    )}
    {plan !== null && notInForce.length > 0 && (
      <span className={css.without}>{renderCount(notInForce.length, 'key')} not in force in this version</span>
    )}
  </>
)

const ConnectButton = ({ profile, view, connect }: Props & { readonly connect: ReturnType<typeof useConnect> }) => {
  const [, navigate] = useLocation()
  const blocker = blockerOf(profile, view)
  if (isHere({ profile, view }) && blocker !== null)
    return (
      <Button component={Link} href="/" size="compact-sm" variant="default" aria-label={`Show ${profile.name}`}>
        Show
      </Button>
    )
  if (profile.plan === null)
    return (
      <Button
        component={Link}
        href={`/profiles/${profile.name}`}
        size="compact-sm"
        variant="default"
        aria-label={`Mend ${profile.name}`}
      >
        Mend
      </Button>
    )
  return (
    <Button
      size="compact-sm"
      leftSection={<IconPlugConnected size={15} />}
      aria-label={`Connect ${profile.name}`}
      loading={connect.isPending}
      disabled={blocker !== null}
      title={blocker ?? ''}
      onClick={() => connect.mutate(profile.name, { onSuccess: () => navigate('/') })}
    >
      Connect
    </Button>
  )
}

export const ProfileRow = ({ profile, view }: Props) => {
  const connect = useConnect()
  const { name, lastConnectedAtMs } = profile
  const about = profile.description ?? (profile.extends === null ? null : `Extends ${profile.extends}`)
  const phase = isHere({ profile, view }) ? describePhase(view?.phase ?? 'none') : null
  return (
    <>
      <tr data-here={phase !== null}>
        <th scope="row" className={css.name}>
          <Link href={`/profiles/${name}`}>{name}</Link>
          {phase !== null && <Health level={phase.level} text={phase.title} />}
          {about !== null && <span className={css.description}>{about}</span>}
        </th>
        <td className={css.makes}>
          <Makes {...profile} />
        </td>
        <td className={css.last}>{lastConnectedAtMs === null ? 'never' : renderTime(lastConnectedAtMs)}</td>
        <td className={css.acts}>
          <span className={css.buttons}>
            <ConnectButton profile={profile} view={view} connect={connect} />
            <ProfileMenu profile={profile} />
          </span>
        </td>
      </tr>
      {connect.error !== null && (
        <tr>
          <td colSpan={4} className={css.refusal}>
            <ProblemNote problem={toProblem(connect.error)} />
          </td>
        </tr>
      )}
    </>
  )
}
