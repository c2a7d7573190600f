import { Button, Select, Skeleton } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './AccountFields.module.css'
import { type Account, useCredentialProfiles, useIdentity, useRegions } from './look-ups.ts'

const FROM_ENVIRONMENT = { value: '', label: 'As the environment says' }

type Props = {
  readonly account: Account
  readonly onChange: (account: Account) => void
  /** Nothing waits for the account: that it cannot be used alarms nobody. */
  readonly isAside?: boolean
}

/** Whose account it is. The lines are there before the answer is, so that nothing moves. */
const WhoItIs = ({ account, isAside }: { readonly account: Account; readonly isAside: boolean }) => {
  const identity = useIdentity(account)
  if (identity.error !== null)
    return (
      <ProblemNote
        problem={toProblem(identity.error)}
        tone={isAside ? 'plain' : 'warn'}
        actions={
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={identity.isFetching}
            onClick={() => void identity.refetch()}
          >
            Look again
          </Button>
        }
      />
    )
  return (
    <dl className={css.identity} aria-busy={identity.data === undefined}>
      <div>
        <dt>Account</dt>
        <dd className="mono">{identity.data?.account ?? <Skeleton height={14} width={110} />}</dd>
      </div>
      <div>
        <dt>You are</dt>
        <dd className="mono">{identity.data?.arn ?? <Skeleton height={14} width={260} />}</dd>
      </div>
    </dl>
  )
}

/** Which credentials and which region; whose account that is, or why it cannot be used. */
export const AccountFields = ({ account, onChange, isAside = false }: Props) => {
  const profiles = useCredentialProfiles()
  const identity = useIdentity(account)
  const regions = useRegions(account, identity.data !== undefined)
  const here = account.region ?? identity.data?.region ?? null
  const known = regions.data?.regions ?? []
  const offered = here === null || known.includes(here) ? known : [here, ...known]
  return (
    <div className={css.fields}>
      <div className={css.pickers}>
        <Select
          label="Credentials"
          description="Profiles of ~/.aws/config. Secrets stay in the engine."
          data={[FROM_ENVIRONMENT, ...(profiles.data?.profiles ?? []).map((name) => ({ value: name, label: name }))]}
          value={account.profile ?? ''}
          allowDeselect={false}
          searchable={(profiles.data?.profiles.length ?? 0) > 8}
          error={profiles.error === null ? undefined : toProblem(profiles.error).message}
          onChange={(name) => onChange({ profile: name === '' ? null : name, region: null })}
        />
        <Select
          label="Region"
          description="Where the bastions run."
          placeholder={identity.error === null ? 'Looking …' : 'Not known'}
          data={offered}
          value={here}
          allowDeselect={false}
          searchable
          nothingFoundMessage="No such region in this account"
          disabled={identity.data === undefined}
          error={regions.error === null ? undefined : toProblem(regions.error).message}
          onChange={(region) => onChange({ ...account, region })}
        />
      </div>
      <WhoItIs account={account} isAside={isAside} />
    </div>
  )
}
