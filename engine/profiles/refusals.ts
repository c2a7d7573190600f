import { basename, dirname, join } from 'node:path'
import { MoleError } from '../../contract/errors.ts'
import { MAX_DOCUMENT_BYTES } from '../../domain/config/parse/decode-document.ts'
import { fileOfUnfinished } from './file-names.ts'

const UNCHANGED = 'Nothing was changed.'

export const noSuchProfile = (name: string, directory: string): MoleError =>
  new MoleError('not-found', `There is no profile "${name}".`, {
    field: 'name',
    meaning: `${UNCHANGED} Somebody may have renamed or deleted it.`,
    nextStep: `"mole profiles" lists the profiles there are; they lie in ${directory}.`,
  })

export const nameTaken = (name: string): MoleError =>
  new MoleError('conflict', `There is a profile "${name}" already.`, {
    field: 'name',
    meaning: UNCHANGED,
    nextStep: 'Choose another name, or edit the profile there is.',
  })

export const writtenByOther = (name: string): MoleError =>
  new MoleError('conflict', `The profile "${name}" has changed since you opened it.`, {
    field: 'revision',
    meaning: 'Another window, command or editor saved it first. Theirs is kept; yours was not written.',
    nextStep: 'Open it again and make your changes there, or save your text under another name.',
  })

export const othersAreWriting = (): MoleError =>
  new MoleError('conflict', 'Another process of yours is writing profiles and does not finish.', {
    field: 'profiles',
    meaning: UNCHANGED,
    nextStep: 'Try again in a moment.',
  })

export const nothingToRestore = (name: string): MoleError =>
  new MoleError('not-found', `There is no earlier text of the profile "${name}".`, {
    field: 'name',
    meaning: `${UNCHANGED} One is kept from the first time a profile is saved again.`,
    nextStep: 'Edit the profile as it is.',
  })

export const setAsideNow = (name: string, movedTo: string, hasBackup: boolean): MoleError =>
  new MoleError('not-found', `The file of the profile "${name}" held no text and was moved to ${movedTo}.`, {
    field: 'name',
    meaning: 'It was not overwritten, so what is in it can still be looked at.',
    nextStep: hasBackup
      ? 'Restore the profile from its backup, which holds its text before.'
      : 'Make the profile anew, or put a file of yours in its place.',
  })

export const heldByEditor = (name: string): MoleError =>
  new MoleError('conflict', `The file of the profile "${name}" holds no text at this moment.`, {
    field: 'name',
    meaning: 'It changed a moment ago: an editor is probably writing it. It was left alone.',
    nextStep: 'Try again in a few seconds.',
  })

/** `what`: a sentence without its full stop. */
export const unusableText = (what: string): MoleError =>
  new MoleError('bad-input', `${what}.`, {
    field: 'text',
    meaning: `A configuration is a file of UTF-8 text. ${UNCHANGED}`,
    nextStep: 'One line, such as "description: what it is for", is enough.',
  })

export const noSuchFile = (path: string): MoleError =>
  new MoleError('not-found', `There is no file ${path}.`, {
    field: 'file',
    meaning: UNCHANGED,
    nextStep: 'Check how it is spelt.',
  })

export const tooLarge = (what: string): MoleError =>
  new MoleError('bad-input', `${what} is larger than ${MAX_DOCUMENT_BYTES / 1024} KiB.`, {
    field: 'text',
    meaning: `A configuration holds at most that much. ${UNCHANGED}`,
    nextStep: 'Take out what is not configuration.',
  })

export const notAFile = (path: string): MoleError =>
  new MoleError('not-available', `${path} is not a regular file.`, {
    field: basename(path),
    meaning: `A profile is a file of text, or a symbolic link to one. ${UNCHANGED}`,
    nextStep: 'Look what it is, and move it away.',
  })

type Reason = { readonly code: MoleError['code']; readonly what: string; readonly nextStep: string }

const FULL: Reason = {
  code: 'not-available',
  what: 'there is no room left on its disk',
  nextStep: 'Make room there and try again.',
}
const FORBIDDEN: Reason = {
  code: 'denied',
  what: 'you may not',
  nextStep: 'Check who owns it and its permissions ("ls -l").',
}

const REASONS: Readonly<Record<string, Reason>> = {
  ENOSPC: FULL,
  EDQUOT: { ...FULL, what: 'your quota on its disk is used up' },
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: { ...FORBIDDEN, what: 'its disk is read-only', nextStep: 'Make the disk writable, and try again.' },
  ENOTDIR: {
    code: 'not-available',
    what: 'a file lies where a directory should be',
    nextStep: 'Move that file away; the directory is made by itself.',
  },
  EEXIST: {
    code: 'not-available',
    what: 'something lies where a directory should be',
    nextStep: 'Move it away; the directory is made by itself.',
  },
  ENOENT: {
    code: 'conflict',
    what: 'it was taken away at that moment',
    nextStep: 'Look who did, and try again.',
  },
  ELOOP: {
    code: 'not-available',
    what: 'symbolic links lead in a circle',
    nextStep: 'Mend or remove the link.',
  },
}

/** The name that a person knows, where the file system speaks of one that was to become it. */
const finished = (path: string): string => join(dirname(path), fileOfUnfinished(basename(path)) ?? basename(path))

/** What the file system said (errno(3)), for a person; an error that is explained already stays as it is. */
export const explainFileError = (error: unknown, path: string, verb: 'read' | 'written'): Error => {
  const { code, path: place = path } = error as NodeJS.ErrnoException
  if (error instanceof MoleError || !(error instanceof Error) || code === undefined) return error as Error
  const reason = REASONS[code] ?? {
    code: 'not-available' as const,
    what: code,
    nextStep: 'Check the directory and its disk, and try again.',
  }
  return new MoleError(
    reason.code,
    `${finished(place)} cannot be ${verb}: ${reason.what}.`,
    { field: finished(place), meaning: 'No text was lost.', nextStep: reason.nextStep },
    { cause: error },
  )
}
