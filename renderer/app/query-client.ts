import { QueryClient } from '@tanstack/react-query'

/** For what is asked for (targets, review, doctor). Pushed data live in the stores, never here. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, refetchOnWindowFocus: false, staleTime: 30_000, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
})
