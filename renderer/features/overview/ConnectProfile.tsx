import { Button, Select } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { ProfileSummary } from '../../../contract/app.ts'
import { connectableProfiles } from '../../../contract/profile-order.ts'
import { renderCount } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useConnect } from '../deployment/acts.ts'
import { describePlan } from '../profiles/describe-plan.ts'
import css from './ConnectProfile.module.css'

/** What a profile says of itself. */
const Described = ({ profile }: { readonly profile: ProfileSummary }) => (
  <p className={css.about}>
    {profile.description !== null && <span className={css.description}>{profile.description}</span>}
    <span className="number">{profile.plan !== null && describePlan(profile.plan)}</span>
    {profile.notInForce.length > 0 && (
      <span className={css.without}>
        {renderCount(profile.notInForce.length, 'key')} not in force in this version:{' '}
        <Link href={`/profiles/${profile.name}`}>see the profile</Link>
      </span>
    )}
  </p>
)

/** The saved profiles and one big button: the one connected last is chosen already. */
export const ConnectProfile = ({ profiles }: { readonly profiles: readonly ProfileSummary[] }) => {
  const offered = connectableProfiles(profiles)
  const [wanted, setWanted] = useState<string | null>(null)
  const connect = useConnect()
  const chosen = offered.find(({ name }) => name === wanted) ?? offered[0]
  if (chosen === undefined) return null
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        connect.mutate(chosen.name)
      }}
    >
      <Select
        label="Profile"
        data={offered.map(({ name }) => name)}
        value={chosen.name}
        onChange={setWanted}
        allowDeselect={false}
        searchable={offered.length > 8}
        size="md"
        className={css.select}
      />
      <Described profile={chosen} />
      {connect.error !== null && <ProblemNote problem={toProblem(connect.error)} />}
      <div className={css.buttons}>
        <Button type="submit" size="lg" loading={connect.isPending} leftSection={<IconPlugConnected size={20} />}>
          Connect
        </Button>
        <Button component={Link} href="/deploy" size="lg" variant="subtle">
          Set up something else
        </Button>
      </div>
    </form>
  )
}
