import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { currentClient } from '../../app/connection-store.ts'
import { isDesktop } from '../../connection.ts'
import { Commandline } from '../../ui/Commandline.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './Settings.module.css'

/** An address for a second browser; each opens the panel once. */
export const OtherBrowser = () => {
  const link = useMutation({ mutationFn: () => currentClient().call('panel.link', {}) })
  if (isDesktop()) return null
  return (
    <Panel title="Another browser">
      <p className={css.note}>
        Each address opens the panel once. From another computer, forward this port first with <code>ssh -L</code>.
      </p>
      {link.data === undefined ? (
        <Button variant="default" loading={link.isPending} onClick={() => link.mutate()}>
          Make a fresh address
        </Button>
      ) : (
        <Commandline text={link.data.url} label="the fresh address" />
      )}
      {link.error !== null && <ProblemNote problem={toProblem(link.error)} />}
    </Panel>
  )
}
