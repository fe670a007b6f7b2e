import { startTensorflow } from '../../nn/backend/start-tensorflow';
import { tryConvolution } from '../../nn/backend/trial-convolution';

/** The program of `tryInProcess`: starts native TensorFlow, lets it compute, and writes the result as JSON. */
async function tryHere(): Promise<void> {
  try {
    const started = await startTensorflow({ from: process.argv.slice(2) });
    process.stdout.write(`\n${JSON.stringify({ ...started, ...tryConvolution() })}\n`);
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    process.stdout.write(`\n${JSON.stringify({ failure })}\n`);
  }
}

void tryHere();
