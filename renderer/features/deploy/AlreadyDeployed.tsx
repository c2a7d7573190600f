import { Button } from '@mantine/core'
import { Link, Redirect } from 'wouter'
import type { DeploymentView } from '../../../contract/app.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { describePhase, isActing } from '../deployment/phase.ts'

const isGoing = ({ phase }: DeploymentView): boolean => phase === 'tearing-down'

const Going = () => (
  <EmptyNote
    title="A deployment is being removed"
    text="As soon as nothing of it is left, another one can be set up here."
  />
)

/** In place of the plan's pages while there is a deployment: one engine keeps one. */
export const AlreadyDeployed = ({ view }: { readonly view: DeploymentView }) =>
  isActing(view) && view.act?.verb !== 'teardown' ? (
    <Redirect to="/deploy/progress" replace />
  ) : (
    <Panel title={describePhase(view.phase).title}>
      {isGoing(view) ? (
        <Going />
      ) : (
        <EmptyNote
          title="There is a deployment already"
          text="Change its number of tunnels on the Scaling page, or disconnect on the Overview to set up another one."
        >
          <Button component={Link} href="/">
            Go to Overview
          </Button>
        </EmptyNote>
      )}
    </Panel>
  )
