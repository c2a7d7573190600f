import { Button, FileButton, Skeleton } from '@mantine/core'
import { IconFileImport, IconPlus } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { Problem, Profiles as ProfilesView } from '../../../contract/app.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { DamagedFiles } from './DamagedFiles.tsx'
import { Dialogs } from './Dialogs.tsx'
import { ask } from './dialogs.ts'
import css from './Profiles.module.css'
import { ProfileTable } from './ProfileTable.tsx'
import { profileNameOf, readProfileFile } from './picked-file.ts'
import { useProfiles } from './profiles-store.ts'
import { WhatIsUp } from './WhatIsUp.tsx'

const Create = () => (
  <Button leftSection={<IconPlus size={16} />} onClick={() => ask({ kind: 'new' })}>
    New profile
  </Button>
)

const Import = ({ onProblem }: { readonly onProblem: (problem: Problem | null) => void }) => {
  const forget = useRef<() => void>(null)
  const pick = async (file: File | null): Promise<void> => {
    if (file === null) return
    // Else the same file, mended, could not be picked once more.
    forget.current?.()
    onProblem(null)
    try {
      ask({ kind: 'import', text: await readProfileFile(file), name: profileNameOf(file.name) })
    } catch (error) {
      onProblem(toProblem(error))
    }
  }
  return (
    <FileButton
      resetRef={forget}
      onChange={(file) => void pick(file)}
      accept=".yaml,.yml,application/yaml,text/yaml,text/plain"
    >
      {(props) => (
        <Button {...props} variant="default" leftSection={<IconFileImport size={16} />}>
          Import…
        </Button>
      )}
    </FileButton>
  )
}

const None = () => (
  <EmptyNote
    title="No profiles yet"
    text="A profile keeps where to, how many tunnels and to which network, so that from then on one click connects it. Make one here, or set up a deployment and save it from Overview."
  >
    <Create />
  </EmptyNote>
)

const Waiting = () => (
  <div className={css.waiting} aria-busy="true" role="status" aria-label="Loading the profiles">
    <Skeleton height={44} radius="sm" />
    <Skeleton height={44} radius="sm" />
    <Skeleton height={44} radius="sm" />
  </div>
)

const Content = ({ state }: { readonly state: ProfilesView | null }) => {
  if (state === null) return <Waiting />
  if (state.problem !== null)
    return (
      <div className={css.problem}>
        <ProblemNote problem={state.problem} />
      </div>
    )
  return state.profiles.length === 0 ? <None /> : <ProfileTable profiles={state.profiles} />
}

/** The saved profiles: each connects with one click. */
export const Profiles = () => {
  const { state } = useProfiles()
  const [problem, setProblem] = useState<Problem | null>(null)
  return (
    <Page
      title="Profiles"
      lead="What to connect, kept under a name: here, in your own editor, or shared."
      aside={
        <>
          <Import onProblem={setProblem} />
          <Create />
        </>
      }
    >
      {problem !== null && <ProblemNote problem={problem} />}
      <DamagedFiles damaged={state?.damaged ?? []} />
      <Panel
        title="Saved profiles"
        flush
        aside={state !== null && <span className={css.directory}>{state.directory}</span>}
      >
        <Content state={state} />
      </Panel>
      <WhatIsUp />
      <Dialogs />
    </Page>
  )
}
