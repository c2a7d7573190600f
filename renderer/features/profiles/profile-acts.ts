import { useMutation } from '@tanstack/react-query'
import { currentClient } from '../../app/connection-store.ts'

type Named = { readonly name: string }

/** Saves a text as a new profile. */
export const useCreateProfile = () =>
  useMutation({
    mutationFn: (profile: Named & { readonly text: string }) => currentClient().call('profiles.create', profile),
  })

/** Saves a text in the place of the one of `revision`; `conflict` when that is no longer there. */
export const useWriteProfile = () =>
  useMutation({
    mutationFn: (profile: Named & { readonly text: string; readonly revision: string }) =>
      currentClient().call('profiles.write', profile),
  })

export const useRenameProfile = () =>
  useMutation({
    mutationFn: (change: Named & { readonly to: string }) => currentClient().call('profiles.rename', change),
  })

export const useDuplicateProfile = () =>
  useMutation({
    mutationFn: (change: Named & { readonly to: string }) => currentClient().call('profiles.duplicate', change),
  })

export const useDeleteProfile = () =>
  useMutation({
    mutationFn: (profile: Named & { readonly revision: string }) => currentClient().call('profiles.delete', profile),
  })

/** Lets a profile and its backup change places. */
export const useRestoreProfile = () =>
  useMutation({ mutationFn: (name: string) => currentClient().call('profiles.restore', { name }) })
