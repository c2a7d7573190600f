import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { currentClient, useIsOpen } from '../../app/connection-store.ts'
import { useWriteProfile } from './profile-acts.ts'
import { useProfiles } from './profiles-store.ts'

type Saved = { readonly text: string; readonly revision: string }

type Draft = {
  /** The saved text that this one was made from. */
  readonly base: Saved
  readonly text: string
  /** A text of ours that had to give way to somebody else's. */
  readonly setAside: string | null
  /** What was saved when our last save began: told a little longer than it is true. */
  readonly outdated: string | null
}

/** What is saved under a name at this moment; read again whenever the engine tells of a new revision. */
const useSaved = (name: string) => {
  const revision = useProfiles(({ state }) => state?.profiles.find((profile) => profile.name === name)?.revision)
  const isOpen = useIsOpen()
  const query = useQuery({
    queryKey: ['profile', name, revision],
    enabled: revision !== undefined && isOpen,
    queryFn: ({ signal }) => currentClient().call('profiles.read', { name }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  return { revision, saved: query.isPlaceholderData ? undefined : query.data, error: query.error }
}

const begin = (base: Saved, setAside: string | null = null): Draft => ({
  base,
  text: base.text,
  setAside,
  outdated: null,
})

/** A draft after what is saved was told: a text without changes goes along, one with changes stays. */
const follow = (draft: Draft | null, saved: Saved): Draft => {
  if (draft === null) return begin(saved)
  if (saved.revision === draft.base.revision) return draft.outdated === null ? draft : { ...draft, outdated: null }
  if (saved.revision === draft.outdated) return draft
  return draft.text === draft.base.text || draft.text === saved.text ? begin(saved, draft.setAside) : draft
}

/** A profile while it is edited: its text, the saved one, and somebody else's that came between. */
export const useDraft = (name: string) => {
  const { saved, error } = useSaved(name)
  const [draft, setDraft] = useState<Draft | null>(null)
  const write = useWriteProfile()
  const isDirty = draft !== null && draft.text !== draft.base.text
  const isNew =
    draft !== null && saved !== undefined && saved.revision !== draft.base.revision && saved.revision !== draft.outdated
  const theirs = isNew && !write.isPending ? saved : null
  const isSaving = useRef(false)

  // Also when changes are taken back, or when a save is answered after it was told of.
  useEffect(() => {
    if (saved === undefined || write.isPending || follow(draft, saved) === draft) return
    setDraft((now) => follow(now, saved))
  }, [saved, draft, write.isPending])

  const put = async (text: string, from: Saved): Promise<boolean> => {
    // A second one at once would meet the first as somebody else's.
    if (isSaving.current) return false
    isSaving.current = true
    try {
      const { revision } = await write.mutateAsync({ name, text, revision: from.revision })
      setDraft((now) =>
        now === null || now.base.revision === revision
          ? now
          : { ...now, base: { text, revision }, outdated: from.revision },
      )
      return true
    } catch {
      // Told by `saveError`; a conflict by `theirs`.
      return false
    } finally {
      isSaving.current = false
    }
  }

  return {
    draft,
    /** The saved text cannot be read. */
    readError: draft === null ? error : null,
    isDirty,
    /** Saved by somebody else since, while there are changes of ours. */
    theirs: isDirty ? theirs : null,
    isSaving: write.isPending,
    saveError: theirs === null ? write.error : null,
    change: (text: string): void => setDraft((now) => now && { ...now, text }),
    /** Saves; whether that succeeded. */
    save: async (): Promise<boolean> => draft !== null && (await put(draft.text, draft.base)),
    /** Saves in the place of somebody else's text. */
    overwrite: async (): Promise<boolean> => draft !== null && theirs !== null && (await put(draft.text, theirs)),
    /** Goes on from somebody else's text; ours is kept aside. */
    takeTheirs: (): void => {
      if (draft !== null && theirs !== null) setDraft(begin(theirs, draft.text))
      write.reset()
    },
    discard: (): void => setDraft((now) => now && { ...now, text: now.base.text }),
    forgetSetAside: (): void => setDraft((now) => now && { ...now, setAside: null }),
  }
}
export type DraftState = ReturnType<typeof useDraft>
