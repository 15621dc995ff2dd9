import { app } from '@azure/functions';
import type { SettingProblem } from '../config.ts';
import { answerJson, type FunctionDefinition } from './http-function.ts';
import { problem } from './problem.ts';

const names = {
  api: { name: 'health', route: 'api/health' },
  worker: { name: 'workerHealth', route: 'api/worker-health' },
} as const;

export const healthName = (which: keyof typeof names): string => names[which].name;

/** Open to everybody: it says that the app runs and which functions it has, nothing of the tenant. */
export function health(which: keyof typeof names, functions: readonly string[]): FunctionDefinition {
  return {
    name: names[which].name,
    register() {
      app.http(names[which].name, {
        methods: ['GET'],
        route: names[which].route,
        authLevel: 'anonymous',
        handler: async () => answerJson({ status: 'healthy', app: which, functions }),
      });
    },
  };
}

/** The only function of an app whose configuration is bad: the host itself would say that it is well, with no functions. */
export function registerBroken(which: keyof typeof names, problems: readonly SettingProblem[]): void {
  app.http(names[which].name, {
    methods: ['GET'],
    route: names[which].route,
    authLevel: 'anonymous',
    handler: async () =>
      problem(
        503,
        'Bad configuration',
        `The app cannot start: ${problems.map(({ setting, problem: what }) => `${setting} ${what}`).join('; ')}`,
        {
          errors: problems.map(({ setting, problem: what }) => ({ field: setting, message: what })),
        },
      ),
  });
}
