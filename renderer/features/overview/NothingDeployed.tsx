import { Button } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { DeploymentView } from '../../../contract/app.ts'
import { connectableProfiles } from '../../../contract/profile-order.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { Burrows } from '../deployment/Burrows.tsx'
import { useProfiles } from '../profiles/profiles-store.ts'
import { ConnectProfile } from './ConnectProfile.tsx'
import css from './NothingDeployed.module.css'
import { RecentEvents } from './RecentEvents.tsx'

const POINTS = [
  {
    title: 'Choose a target',
    text: 'The local lab on this machine, free and without an account; or AWS, in your own VPC.',
  },
  { title: 'Say how many tunnels', text: 'One to eight WireGuard tunnels side by side carry what one cannot.' },
  { title: 'Review, then connect', text: 'Nothing is made before you have seen what, where and at what price.' },
]

/** For the first time: what this does, and where to begin. */
const FirstTime = () => (
  <>
    <h2 id="nothing-title" className={css.title}>
      Nothing is connected yet
    </h2>
    <p className={css.lead}>
      Cloud Mole digs a bundle of WireGuard tunnels from this machine to a private network and shows you what each of
      them carries.
    </p>
    <ol className={css.points}>
      {POINTS.map(({ title, text }) => (
        <li key={title}>
          <strong>{title}</strong>
          <span>{text}</span>
        </li>
      ))}
    </ol>
    <Button component={Link} href="/deploy" size="lg" leftSection={<IconPlugConnected size={20} />}>
      Connect
    </Button>
  </>
)

/** From then on: the profiles, and one button. */
const Words = () => {
  const profiles = useProfiles(({ state }) => state?.profiles)
  if (profiles === undefined || connectableProfiles(profiles).length === 0) return <FirstTime />
  return (
    <>
      <h2 id="nothing-title" className={css.title}>
        Ready to connect
      </h2>
      <ConnectProfile profiles={profiles} />
    </>
  )
}

/** Overview before anything is deployed: what this does, and the one thing to do. */
export const NothingDeployed = ({ view }: { readonly view: DeploymentView }) => (
  <>
    {view.problem !== null && <ProblemNote problem={view.problem} />}
    <section className={css.hero} aria-labelledby="nothing-title">
      <div className={css.words}>
        <Words />
      </div>
      <Burrows count={4} className={css.picture} />
    </section>
    <RecentEvents />
  </>
)
