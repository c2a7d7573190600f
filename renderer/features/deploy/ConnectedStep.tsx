import { Button, Group } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { DeploymentView } from '../../../contract/app.ts'
import { Commandline } from '../../ui/Commandline.tsx'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { renderCount, renderDuration } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { isUp } from '../deployment/phase.ts'
import { SaveProfile } from '../profiles/SaveProfile.tsx'
import step from './ConnectedStep.module.css'
import { StageBody } from './StageBody.tsx'

const tookText = ({ act }: DeploymentView): string =>
  act === null || act.endedAtMs === null ? '' : ` It took ${renderDuration(act.endedAtMs - act.startedAtMs)}.`

const LabNext = ({ view }: { readonly view: DeploymentView }) => (
  <>
    <li>
      <strong>Watch it carry something.</strong> On the Overview page, start traffic and see the map and the chart move;
      then break a path and see which tunnel goes silent.
    </li>
    <li>
      <strong>Look around inside.</strong> This opens a shell on the lab’s DTN; the private server is{' '}
      <span className="mono">{view.bastions[0]?.resourceAddress ?? 'in the private network'}</span>.
      <Commandline text="mole lab shell" label="the command that opens the shell" />
    </li>
  </>
)

const CloudNext = ({ view }: { readonly view: DeploymentView }) => (
  <li>
    <strong>Use it.</strong> Everything sent to <span className="mono">{view.plan?.privateCidr}</span> from this machine
    now goes through the tunnels; nothing else does.
  </li>
)

/** The end of the wizard: what stands, and what to do with it. */
export const ConnectedStep = ({ view }: { readonly view: DeploymentView | null }) => {
  if (view === null || !isUp(view))
    return (
      <Panel title="Connected">
        <EmptyNote title="Nothing is connected" text="Set up a deployment first.">
          <Button component={Link} href="/deploy">
            Start one
          </Button>
        </EmptyNote>
      </Panel>
    )
  return (
    <StageBody
      title="Connected"
      text={`${renderCount(view.tunnels.length, 'tunnel')} verified end to end.${tookText(view)}`}
    >
      {view.problem !== null && <ProblemNote tone="warn" problem={view.problem} />}
      <div className={step.card}>
        <IconCircleCheck size={34} stroke={1.5} className={step.icon} aria-hidden />
        <div>
          <h3 className={step.title}>What to do next</h3>
          <ul className={step.list}>
            {view.plan?.target === 'lab' ? <LabNext view={view} /> : <CloudNext view={view} />}
            <li>
              <strong>Close this page if you like.</strong> The tunnels stay up.{' '}
              <span className="mono">mole status</span> shows them, <span className="mono">mole down</span> removes
              them.
            </li>
          </ul>
          <Group gap="xs">
            <Button component={Link} href="/">
              Go to Overview
            </Button>
            {view.plan !== null && view.profile === null && <SaveProfile plan={view.plan} />}
          </Group>
        </div>
      </div>
    </StageBody>
  )
}
