import { Button, Group, Modal } from '@mantine/core'
import type { DeploymentView } from '../../../contract/app.ts'
import { renderCount } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { draftOf, usePlanDraft } from '../deploy/plan-draft.ts'
import { useTeardown } from '../deployment/acts.ts'
import css from './DisconnectDialog.module.css'

type Props = { readonly view: DeploymentView; readonly opened: boolean; readonly onClose: () => void }

/** Asks before connections are cut: says what goes and what stays. */
export const DisconnectDialog = ({ view, opened, onClose }: Props) => {
  const teardown = useTeardown()
  const close = (): void => {
    teardown.reset()
    onClose()
  }
  const confirm = (): void => {
    if (view.plan !== null) usePlanDraft.setState(draftOf(view.plan))
    teardown.mutate(undefined, { onSuccess: onClose })
  }
  return (
    <Modal opened={opened} onClose={close} title="Disconnect and remove everything?" size="md">
      <p className={css.text}>
        Transfers over the tunnels are cut. These go away, on this machine and at the other end:
      </p>
      <ul className={css.list}>
        <li>{renderCount(view.tunnels.length, 'tunnel')} with routes and keys</li>
        <li>
          {renderCount(view.bastions.length, 'bastion')}
          {view.plan?.target === 'lab' ? ' with the lab’s private network' : ''}
        </li>
        {view.resources.length > 0 && (
          <li>
            everything tagged as this deployment’s in the cloud ({renderCount(view.resources.length, 'thing')}); nothing
            of it costs any more
          </li>
        )}
      </ul>
      <p className={css.text}>The wizard keeps this plan: connecting again takes a few clicks.</p>
      {teardown.error !== null && <ProblemNote problem={toProblem(teardown.error)} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={close} data-autofocus>
          Keep connected
        </Button>
        <Button color="clay" loading={teardown.isPending} onClick={confirm}>
          Disconnect now
        </Button>
      </Group>
    </Modal>
  )
}
