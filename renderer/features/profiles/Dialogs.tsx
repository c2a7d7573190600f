import { Modal } from '@mantine/core'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import type { ProfileSummary } from '../../../contract/app.ts'
import { parseConfigDocument } from '../../../domain/config/parse-document.ts'
import { useLeaving } from '../../app/leaving.ts'
import { renderCount } from '../../ui/format.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import css from './Dialogs.module.css'
import { closeQuestion, type Question, useQuestion } from './dialogs.ts'
import { NameDialog } from './NameDialog.tsx'
import { NewProfile } from './NewProfile.tsx'
import {
  useCreateProfile,
  useDeleteProfile,
  useDuplicateProfile,
  useRenameProfile,
  useRestoreProfile,
} from './profile-acts.ts'
import { useProfiles } from './profiles-store.ts'
import { WireguardFiles } from './WireguardFiles.tsx'

type AboutProfile = { readonly profile: ProfileSummary }

const Import = ({ text, name }: { readonly text: string; readonly name: string }) => {
  const [, navigate] = useLocation()
  const create = useCreateProfile()
  const { problems } = parseConfigDocument(text, name)
  const import_ = (as: string): void =>
    create.mutate(
      { name: as, text },
      {
        onSuccess: () => {
          closeQuestion()
          navigate(`/profiles/${as}`)
        },
      },
    )
  return (
    <NameDialog firstName={name} verb="Import" error={create.error} isPending={create.isPending} onConfirm={import_}>
      {problems.length > 0 && (
        <p className={css.text}>
          It has {renderCount(problems.length, 'problem')}. It is imported as it is; the editor shows where they are.
        </p>
      )}
    </NameDialog>
  )
}

const Rename = ({ profile }: AboutProfile) => {
  const [location, navigate] = useLocation()
  const rename = useRenameProfile()
  const isOpen = location === `/profiles/${profile.name}`
  const confirm = (to: string): void =>
    rename.mutate(
      { name: profile.name, to },
      {
        onSuccess: () => {
          closeQuestion()
          if (isOpen) navigate(`/profiles/${to}`)
        },
      },
    )
  return (
    <NameDialog
      firstName={profile.name}
      verb="Rename"
      error={rename.error}
      isPending={rename.isPending}
      onConfirm={confirm}
    />
  )
}

/** `dtn-2` of `dtn`; the first that is free. */
const nextName = (name: string, taken: ReadonlySet<string>): string => {
  for (let number = 2; ; number += 1) {
    const next = `${name.slice(0, 59)}-${number}`
    if (!taken.has(next)) return next
  }
}

const Duplicate = ({ profile }: AboutProfile) => {
  const duplicate = useDuplicateProfile()
  const taken = new Set(useProfiles(({ state }) => state?.profiles)?.map(({ name }) => name))
  return (
    <NameDialog
      firstName={nextName(profile.name, taken)}
      verb="Duplicate"
      error={duplicate.error}
      isPending={duplicate.isPending}
      onConfirm={(to) => duplicate.mutate({ name: profile.name, to }, { onSuccess: closeQuestion })}
    />
  )
}

const Delete = ({ profile }: AboutProfile) => {
  const [location, navigate] = useLocation()
  const remove = useDeleteProfile()
  const { name, revision } = profile
  return (
    <ConfirmDialog
      verb="Delete"
      color="clay"
      error={remove.error}
      isPending={remove.isPending}
      onConfirm={() =>
        remove.mutate(
          { name, revision },
          {
            onSuccess: () => {
              closeQuestion()
              // What was changed meanwhile goes with it.
              useLeaving.setState({ held: null, wanted: null })
              if (location === `/profiles/${name}`) navigate('/profiles')
            },
          },
        )
      }
    >
      Tunnels that are up stay up. The text is kept beside it as <span className="mono">{name}.yaml.bak</span>:{' '}
      <span className="mono">mole profiles restore {name}</span> brings it back.
    </ConfirmDialog>
  )
}

const Restore = ({ profile }: AboutProfile) => {
  const restore = useRestoreProfile()
  return (
    <ConfirmDialog
      verb="Restore"
      error={restore.error}
      isPending={restore.isPending}
      onConfirm={() => restore.mutate(profile.name, { onSuccess: closeQuestion })}
    >
      The text before the last save takes the place of the one there is now, which becomes the backup: restoring once
      more undoes it.
    </ConfirmDialog>
  )
}

const TITLES: Readonly<Record<Question['kind'], string>> = {
  new: 'New profile',
  import: 'Import a profile',
  rename: 'Rename',
  duplicate: 'Duplicate',
  delete: 'Delete',
  restore: 'Restore the backup of',
  wireguard: 'wg-quick files of what is up',
}

const titleOf = (question: Question): string =>
  'profile' in question ? `${TITLES[question.kind]} “${question.profile.name}”` : TITLES[question.kind]

const Body = ({ question }: { readonly question: Question }) => {
  switch (question.kind) {
    case 'new':
      return <NewProfile />
    case 'import':
      return <Import text={question.text} name={question.name} />
    case 'rename':
      return <Rename profile={question.profile} />
    case 'duplicate':
      return <Duplicate profile={question.profile} />
    case 'delete':
      return <Delete profile={question.profile} />
    case 'restore':
      return <Restore profile={question.profile} />
    case 'wireguard':
      return <WireguardFiles />
  }
}

/** What is being asked about a profile, if anything is. */
export const Dialogs = () => {
  const { question } = useQuestion()
  useEffect(() => closeQuestion, [])
  return (
    <Modal opened={question !== null} onClose={closeQuestion} title={question === null ? '' : titleOf(question)}>
      {question !== null && <Body question={question} />}
    </Modal>
  )
}
