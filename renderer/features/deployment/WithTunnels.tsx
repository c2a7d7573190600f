import { Button, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { DeploymentView } from '../../../contract/app.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { useDeployment } from './deployment-store.ts'

/** A deployment with tunnels, and its plan. */
export type Standing = { readonly view: DeploymentView; readonly plan: DeploymentPlan }

type Props = {
  /** What the page shows, for where there is nothing to show: `Connections`. */
  readonly title: string
  /** What will be there once something is up. */
  readonly promise: string
  readonly children: (standing: Standing) => ReactNode
}

/** The page of something that is up; else why there is nothing, and what to do. */
export const WithTunnels = ({ title, promise, children }: Props) => {
  const view = useDeployment((state) => state.view)
  if (view === null)
    return (
      <div aria-busy="true" role="status" aria-label={`Loading: ${title}`}>
        <Skeleton height={260} radius="md" />
      </div>
    )
  if (view.plan !== null && view.tunnels.length > 0) return children({ view, plan: view.plan })
  const isComing = view.phase === 'deploying'
  return (
    <Panel title={title}>
      <EmptyNote title={isComing ? 'The tunnels are being made' : 'Nothing is connected'} text={promise}>
        <Button
          component={Link}
          href={isComing ? '/deploy/progress' : '/deploy'}
          variant={isComing ? 'default' : 'filled'}
        >
          {isComing ? 'Show the steps' : 'Connect'}
        </Button>
      </EmptyNote>
    </Panel>
  )
}
