import { timerFunction } from './timer-function.ts';

export const sweep = timerFunction(
  'sweep',
  (config) => config.SYNCMEND_SWEEP_SCHEDULE,
  async (composition, context) => {
    context.log('Swept', await composition.sweep());
  },
);
