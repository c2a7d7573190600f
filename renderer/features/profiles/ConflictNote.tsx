import { Button, CopyButton, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import css from './Editor.module.css'
import type { DraftState } from './use-draft.ts'

type Props = { readonly state: DraftState }

const Side = ({ title, text }: { readonly title: string; readonly text: string }) => (
  <figure className={css.side}>
    <figcaption>
      {title}
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="subtle" onClick={copy} aria-label={`Copy: ${title}`}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </figcaption>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: where it scrolls, the keyboard must be able to scroll it */}
    <pre tabIndex={0}>{text}</pre>
  </figure>
)

/** Both texts side by side. Only here can somebody else's be overwritten: after it was seen. */
const Compare = ({ state, onClose }: Props & { readonly onClose: () => void }) => {
  const { draft, theirs } = state
  if (draft === null || theirs === null) return null
  return (
    <div className={css.compare}>
      <div className={css.sides}>
        <Side title="Saved by somebody else" text={theirs.text} />
        <Side title="Yours, not saved" text={draft.text} />
      </div>
      <Group justify="flex-end">
        <Button variant="subtle" color="clay" onClick={() => void state.overwrite().then(onClose)}>
          Overwrite theirs with mine
        </Button>
        <Button
          onClick={() => {
            state.takeTheirs()
            onClose()
          }}
        >
          Go on from theirs
        </Button>
      </Group>
    </div>
  )
}

/** Somebody else saved the profile while it was changed here: neither text is lost. */
export const ConflictNote = ({ state }: Props) => {
  const [opened, setOpened] = useState(false)
  const { draft, theirs } = state
  if (theirs === null)
    return draft === null || draft.setAside === null ? null : (
      <details className={css.setAside}>
        <summary>Your text from before is kept here until you leave the page</summary>
        <Side title="Yours, not saved" text={draft.setAside} />
        <Button size="compact-sm" variant="default" onClick={state.forgetSetAside}>
          Forget it
        </Button>
      </details>
    )
  return (
    <>
      <ProblemNote
        tone="warn"
        problem={{
          code: 'conflict',
          message: 'Somebody else saved this profile while you were changing it.',
          data: {
            meaning: 'Another window, command or editor was quicker. Nothing of yours is lost, and nothing of theirs.',
            nextStep: 'Look at both, then go on from theirs or overwrite it.',
          },
        }}
        actions={
          <>
            <Button size="compact-sm" onClick={() => setOpened(true)}>
              Compare both
            </Button>
            <Button size="compact-sm" variant="default" onClick={state.takeTheirs}>
              Go on from theirs
            </Button>
          </>
        }
      />
      <Modal opened={opened} onClose={() => setOpened(false)} title="Two texts of one profile" size="xl">
        <Compare state={state} onClose={() => setOpened(false)} />
      </Modal>
    </>
  )
}
