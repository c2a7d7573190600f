import { IconActivity, IconBookmarks, IconLayoutDashboard, IconRocket, IconSettings } from '@tabler/icons-react'

export const PAGES = [
  { path: '/', title: 'Overview', icon: IconLayoutDashboard },
  { path: '/deploy', title: 'Deploy', icon: IconRocket },
  { path: '/profiles', title: 'Profiles', icon: IconBookmarks },
  { path: '/activity', title: 'Activity', icon: IconActivity },
  { path: '/settings', title: 'Settings', icon: IconSettings },
] as const
