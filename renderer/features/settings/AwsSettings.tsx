import { useState } from 'react'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { AccountCheck } from '../aws/AccountCheck.tsx'
import { AccountFields } from '../aws/AccountFields.tsx'
import { type Account, useIdentity } from '../aws/look-ups.ts'
import { PolicyText } from '../aws/PolicyText.tsx'
import css from './AwsSettings.module.css'
import { LeftBehind } from './LeftBehind.tsx'

/** The account: who one is there, what it allows, the policy, and what other runs left. */
export const AwsSettings = () => {
  const [account, setAccount] = useState<Account>({ profile: null, region: null })
  const identity = useIdentity(account)
  const isKnown = identity.data !== undefined
  // Another account has other answers: what was found in the one before is not shown for it.
  const key = `${account.profile} ${account.region}`
  return (
    <Panel title="AWS">
      <div className={css.parts}>
        <AccountFields account={account} onChange={setAccount} isAside />
        <section className={css.part} aria-labelledby="aws-check">
          <h3 id="aws-check" className={css.title}>
            What the account allows
          </h3>
          {isKnown ? (
            <AccountCheck key={key} {...account} vpcId={null} instanceTypes={[]} />
          ) : (
            <EmptyNote title="Not known yet" text="It can be looked at as soon as the account above answers." />
          )}
          <PolicyText />
        </section>
        {isKnown && <LeftBehind key={`left ${key}`} account={account} region={identity.data.region} />}
      </div>
    </Panel>
  )
}
