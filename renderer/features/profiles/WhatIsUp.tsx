import { Button } from '@mantine/core'
import { IconFileExport } from '@tabler/icons-react'
import { Panel } from '../../ui/Panel.tsx'
import { useDeployment } from '../deployment/deployment-store.ts'
import { isUp } from '../deployment/phase.ts'
import { ask } from './dialogs.ts'
import css from './Profiles.module.css'
import { SaveProfile } from './SaveProfile.tsx'

/** What can be kept of the tunnels that are up: themselves as a profile, and their files for wg-quick(8). */
export const WhatIsUp = () => {
  const view = useDeployment((state) => state.view)
  if (view === null || view.plan === null || !isUp(view)) return null
  return (
    <Panel title="What is up now">
      <div className={css.up}>
        <p className={css.text}>
          {view.profile === null ? 'It was set up without a profile.' : `Connected by the profile “${view.profile}”.`}{' '}
          Its tunnels can be had as wg-quick files.
        </p>
        <div className={css.buttons}>
          {view.profile === null && <SaveProfile plan={view.plan} />}
          <Button
            variant="default"
            leftSection={<IconFileExport size={16} />}
            onClick={() => ask({ kind: 'wireguard' })}
          >
            wg-quick files…
          </Button>
        </div>
      </div>
    </Panel>
  )
}
