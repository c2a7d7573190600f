import { Button } from '@mantine/core'
import { Link, Redirect } from 'wouter'
import type { DeploymentView } from '../../../contract/app.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { describePhase, isActing } from '../deployment/phase.ts'

/** In place of the plan's pages while there is a deployment: one engine keeps one. */
export const AlreadyDeployed = ({ view }: { readonly view: DeploymentView }) =>
  isActing(view) ? (
    <Redirect to="/deploy/progress" replace />
  ) : (
    <Panel title={describePhase(view.phase).title}>
      <EmptyNote
        title="There is a deployment already"
        text="Change its number of tunnels on the Overview page, or disconnect there to set up another one."
      >
        <Button component={Link} href="/">
          Go to Overview
        </Button>
      </EmptyNote>
    </Panel>
  )
