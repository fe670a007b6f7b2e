import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

/** A compute shader as the webgpu backend of tfjs wants it. */
export interface WebgpuProgram {
  /** Distinguishes programs: those with the same key, ranks and types are compiled once. */
  readonly shaderKey: string;
  /** Input i can be read in the shader by `get` + its name. */
  variableNames: string[];
  outputShape: number[];
  workgroupSize: [number, number, number];
  /** Which axes of the output each axis of the grid of workgroups counts. */
  readonly dispatchLayout: { readonly x: number[] };
  /** How many workgroups; tfjs folds a number that is too large for one axis into two or three. */
  dispatch: [number, number, number];
  /** Whether the shader is given the number of values as `uniforms.size`. */
  readonly size?: boolean;
  getUserCode(): string;
}

/** The part of the webgpu backend of tfjs that runs shaders. */
export interface WebgpuRunner extends KernelBackend {
  runWebGPUProgram(program: WebgpuProgram, inputs: TensorInfo[], outputDtype: DataType): TensorInfo;
}

/** What a flat program is made of. */
export interface FlatProgram {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputShape: readonly number[];
  /** WGSL that computes and sets the output's value at `index`. */
  readonly body: string;
}

/** A program that computes each value of its output on its own. */
export function flatProgram({ name, inputs, outputShape, body }: FlatProgram): WebgpuProgram {
  const threads = 128;
  const values = outputShape.reduce((product, size) => product * size, 1);
  return {
    shaderKey: name,
    variableNames: [...inputs],
    outputShape: [...outputShape],
    workgroupSize: [threads, 1, 1],
    dispatchLayout: { x: outputShape.map((_, axis) => axis) },
    dispatch: [Math.ceil(values / threads), 1, 1],
    size: true,
    getUserCode: () => `fn main(index : i32) { if (index < uniforms.size) { ${body} } }`,
  };
}
