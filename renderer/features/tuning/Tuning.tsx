import { useLiveStream } from '../../app/use-live-stream.ts'
import { Page } from '../../ui/Page.tsx'
import { type Standing, WithTunnels } from '../deployment/WithTunnels.tsx'
import { AffinityPanel } from './AffinityPanel.tsx'
import { OptimizePanel } from './OptimizePanel.tsx'
import { SettingsPanel } from './SettingsPanel.tsx'
import css from './Tuning.module.css'

const Content = ({ view, plan }: Standing) => {
  const { value, problem } = useLiveStream('host.watch')
  return (
    <div className={css.grid}>
      <AffinityPanel load={value} problem={problem} />
      <OptimizePanel view={view} plan={plan} />
      <SettingsPanel view={view} plan={plan} load={value} problem={problem} />
    </div>
  )
}

/** How this host is tuned: which core works for which tunnel, what is set otherwise than it was, and what it brought. */
export const Tuning = () => (
  <Page title="Tuning" lead="Which core works for which tunnel, and what of this host was tuned.">
    <WithTunnels
      title="Host"
      promise="Once tunnels are up, what their work costs this host is shown here, and can be tuned."
    >
      {(standing) => <Content {...standing} />}
    </WithTunnels>
  </Page>
)
