import { create } from 'zustand'
import type { ProfileSummary } from '../../../contract/app.ts'

/** What is being asked about a profile. */
export type Question =
  | { readonly kind: 'new' }
  | { readonly kind: 'import'; readonly text: string; readonly name: string }
  | { readonly kind: 'rename' | 'duplicate' | 'delete' | 'restore'; readonly profile: ProfileSummary }
  | { readonly kind: 'wireguard' }

/** The question that is open; `null` when none is. */
export const useQuestion = create<{ readonly question: Question | null }>()(() => ({ question: null }))

export const ask = (question: Question): void => useQuestion.setState({ question })
export const closeQuestion = (): void => useQuestion.setState({ question: null })
