import { Button, Skeleton, Tabs } from '@mantine/core'
import { useHotkeys, useTimeout } from '@mantine/hooks'
import { IconDeviceFloppy, IconPlugConnected } from '@tabler/icons-react'
import { useMemo, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { ProfileSummary } from '../../../contract/app.ts'
import { editDocument } from '../../../domain/config/edit-document.ts'
import type { Place } from '../../../domain/config/problem.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { notifyProblem } from '../../ui/notify-problem.ts'
import { Page } from '../../ui/Page.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useConnect } from '../deployment/acts.ts'
import { useDeployment } from '../deployment/deployment-store.ts'
import { ConflictNote } from './ConflictNote.tsx'
import { blockerOf } from './connectable.ts'
import { Dialogs } from './Dialogs.tsx'
import { useQuestion } from './dialogs.ts'
import css from './Editor.module.css'
import { KeyNote } from './KeyNote.tsx'
import { LaterEditor } from './LaterEditor.tsx'
import { LeaveGuard } from './LeaveGuard.tsx'
import { Outcome } from './Outcome.tsx'
import { readOwnValues } from './own-values.ts'
import { ProblemList } from './ProblemList.tsx'
import { ProfileForm } from './ProfileForm.tsx'
import { ProfileMenu } from './ProfileMenu.tsx'
import { useCreateProfile } from './profile-acts.ts'
import { useProfiles } from './profiles-store.ts'
import { useCheck } from './use-check.ts'
import { type DraftState, useDraft } from './use-draft.ts'

type Tab = 'form' | 'yaml'

type TopProps = {
  readonly profile: ProfileSummary
  readonly state: DraftState
  readonly mayBeSaved: boolean
  readonly hasProblems: boolean
}

const ConnectButton = ({ profile, state }: Pick<TopProps, 'profile' | 'state'>) => {
  const [, navigate] = useLocation()
  const view = useDeployment((store) => store.view)
  const connect = useConnect()
  const blocker = state.isDirty ? 'Save it first.' : blockerOf(profile, view)
  return (
    <Button
      variant={state.isDirty ? 'default' : 'filled'}
      leftSection={<IconPlugConnected size={16} />}
      disabled={blocker !== null}
      title={blocker ?? ''}
      loading={connect.isPending}
      onClick={() => connect.mutate(profile.name, { onSuccess: () => navigate('/'), onError: notifyProblem })}
    >
      Connect
    </Button>
  )
}

const Top = ({ profile, state, mayBeSaved, hasProblems }: TopProps) => (
  <div className={css.top}>
    <span className={css.state} data-dirty={state.isDirty} role="status">
      {state.isDirty ? 'Unsaved changes' : 'Saved'}
    </span>
    {state.isDirty && (
      <Button variant="subtle" color="gray" onClick={state.discard}>
        Discard
      </Button>
    )}
    <Button
      variant={state.isDirty ? 'filled' : 'default'}
      leftSection={<IconDeviceFloppy size={16} />}
      loading={state.isSaving}
      disabled={!mayBeSaved}
      onClick={() => void state.save()}
      title="Ctrl+S"
    >
      {hasProblems && state.isDirty ? 'Save with problems' : 'Save'}
    </Button>
    <ConnectButton profile={profile} state={state} />
    <ProfileMenu profile={profile} />
  </div>
)

const NotAForm = ({ onText }: { readonly onText: () => void }) => (
  <EmptyNote
    title="This text cannot be shown as a form"
    text="It is not sections of “key: value” lines yet. Mend it as text first; then the form is here again."
  >
    <Button variant="default" onClick={onText}>
      Show the text
    </Button>
  </EmptyNote>
)

type EditProps = {
  readonly profile: ProfileSummary
  readonly state: DraftState
  readonly text: string
  readonly check: ReturnType<typeof useCheck>
}

/** The two ways to change one text, and what comes of it. */
const Edit = ({ profile, state, text, check }: EditProps) => {
  const { name } = profile
  const source = `${name}.yaml`
  const { problems, outcome, isKnown, error } = check
  const values = useMemo(() => readOwnValues(text), [text])
  const [tab, setTab] = useState<Tab>(values === null || profile.problems.length > 0 ? 'yaml' : 'form')
  const [goTo, setGoTo] = useState<Place | null>(null)
  const [cursor, setCursor] = useState<string | null>(null)
  const kept = useRef<unknown>(null)
  const choose = (to: Tab, place: Place | null = null): void => {
    setTab(to)
    setGoTo(place === null ? null : { ...place })
  }
  return (
    <div className={css.columns}>
      <Tabs value={tab} onChange={(value) => choose(value === 'yaml' ? 'yaml' : 'form')} keepMounted={false}>
        <Tabs.List aria-label="Ways to edit">
          <Tabs.Tab value="form">Form</Tabs.Tab>
          <Tabs.Tab value="yaml">YAML</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="form" pt={12}>
          <div className={css.sheet}>
            {values === null ? (
              <NotAForm onText={() => choose('yaml')} />
            ) : (
              <ProfileForm
                name={name}
                values={values}
                problems={problems}
                onChange={(path, value) => state.change(editDocument(text, [{ path, value }]))}
              />
            )}
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="yaml" pt={12}>
          <LaterEditor
            text={text}
            onChange={state.change}
            problems={problems}
            source={source}
            goTo={goTo}
            onCursor={setCursor}
            kept={kept}
            describedBy="yaml-hint"
          />
          <p id="yaml-hint" className={css.hint}>
            Ctrl+Space completes, Ctrl+F finds, F8 goes to the next problem, Ctrl+S saves. Tab leaves the text.
          </p>
        </Tabs.Panel>
      </Tabs>
      <div className={css.right}>
        {problems.length > 0 && (
          <Panel title="Problems">
            <ProblemList problems={problems} source={source} onGoTo={({ place }) => choose('yaml', place)} />
          </Panel>
        )}
        <Outcome outcome={outcome} isKnown={isKnown} error={error} />
        {tab === 'yaml' && <KeyNote path={cursor} values={outcome?.values} />}
      </div>
    </div>
  )
}

const Waiting = () => (
  <div className={css.waiting} aria-busy="true" role="status" aria-label="Loading the profile">
    <Skeleton height={420} radius="md" />
  </div>
)

/** Somebody deleted or renamed it while it was open. */
const Gone = ({ name, text }: { readonly name: string; readonly text: string }) => {
  const create = useCreateProfile()
  return (
    <ProblemNote
      tone="warn"
      problem={{
        code: 'not-found',
        message: `There is no profile “${name}” any more.`,
        data: {
          meaning: 'Somebody deleted or renamed it while it was open here. The text is still in this page.',
          nextStep: 'Save it again, or leave the page.',
        },
      }}
      actions={
        <Button
          size="compact-sm"
          variant="default"
          loading={create.isPending}
          onClick={() => create.mutate({ name, text }, { onError: notifyProblem })}
        >
          Save it again
        </Button>
      }
    />
  )
}

type EditorProps = { readonly profile: ProfileSummary; readonly isGone: boolean }

const Editor = ({ profile, isGone }: EditorProps) => {
  const state = useDraft(profile.name)
  const { draft } = state
  const check = useCheck(draft?.text ?? '', profile.name)
  const isAsking = useQuestion(({ question }) => question !== null)
  const mayBeSaved = state.isDirty && state.theirs === null && !isGone
  useHotkeys([['mod+S', () => void (mayBeSaved && state.save())]], [], true)
  return (
    <Page
      title={profile.name}
      {...(profile.description === null ? {} : { lead: profile.description })}
      aside={<Top profile={profile} state={state} mayBeSaved={mayBeSaved} hasProblems={check.problems.length > 0} />}
    >
      {isGone && !isAsking && draft !== null && <Gone name={profile.name} text={draft.text} />}
      <ConflictNote state={state} />
      {state.saveError !== null && <ProblemNote problem={toProblem(state.saveError)} />}
      {state.readError !== null && <ProblemNote problem={toProblem(state.readError)} />}
      {draft === null && state.readError === null && <Waiting />}
      {draft !== null && <Edit profile={profile} state={state} text={draft.text} check={check} />}
      <LeaveGuard path={`/profiles/${profile.name}`} isDirty={state.isDirty} save={state.save} />
      <Dialogs />
    </Page>
  )
}

const NoSuchProfile = ({ name }: { readonly name: string }) => (
  <Page title="No such profile">
    <EmptyNote title={`There is no profile “${name}”`} text="It may have been renamed or deleted.">
      <Button component={Link} href="/profiles">
        Show all profiles
      </Button>
    </EmptyNote>
  </Page>
)

/** A name just given may be known here a moment before the engine tells of its profile. */
const NEWS_WITHIN_MS = 500

const Missing = ({ name }: { readonly name: string }) => {
  const [isLate, setIsLate] = useState(false)
  useTimeout(() => setIsLate(true), NEWS_WITHIN_MS, { autoInvoke: true })
  return isLate ? <NoSuchProfile name={name} /> : <Loading name={name} />
}

const Loading = ({ name }: { readonly name: string }) => (
  <Page title={name}>
    <Waiting />
  </Page>
)

/** One profile, to be read and changed. */
const Profile = ({ name }: { readonly name: string }) => {
  const state = useProfiles((store) => store.state)
  const now = state?.profiles.find((profile) => profile.name === name)
  // One that vanishes while it is open stays on the page, with what was written.
  const [last, setLast] = useState(now)
  if (now !== undefined && now !== last) setLast(now)
  const profile = now ?? last
  if (profile !== undefined) return <Editor profile={profile} isGone={state !== null && now === undefined} />
  return state === null ? <Loading name={name} /> : <Missing name={name} />
}

export const ProfilePage = ({ params: { name } }: { readonly params: { readonly name: string } }) => (
  <Profile key={name} name={name} />
)
