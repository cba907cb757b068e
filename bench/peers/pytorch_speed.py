"""A workload in PyTorch, with its own recurrent modules, which are one call for all steps."""

import torch
from torch import nn
from workload import run


def make(w, threads):
    torch.set_num_threads(threads)
    # PyTorch's GRU applies the reset gate after the product: as much work, other numbers. Its kernels are not ours, then.
    modules = {"lstm": nn.LSTM, "gru": nn.GRU}
    options = {} if w.cell in modules else {"nonlinearity": w.activation}
    rnn = modules.get(w.cell, nn.RNN)(w.inputs, w.units, batch_first=True, **options)
    dense = nn.Linear(w.units, w.outputs)
    given = {name: torch.from_numpy(value) for name, value in w.tensors.items()}
    with torch.no_grad():
        dense.weight.copy_(given["denseKernel"].T)
        dense.bias.copy_(given["denseBias"])
        rnn.bias_hh_l0.zero_()
        if w.cell != "gru":
            kernel, bias = given["kernel"], given["bias"].clone()
            if w.cell == "lstm":
                i, j, f, o = kernel.chunk(4, 1)
                kernel = torch.cat([i, f, j, o], 1)
                bias[w.units : 2 * w.units] += 1
            rnn.weight_ih_l0.copy_(kernel[: w.inputs].T)
            rnn.weight_hh_l0.copy_(kernel[w.inputs :].T)
            rnn.bias_ih_l0.copy_(bias)
    # One bias trains, as elsewhere.
    rnn.bias_hh_l0.requires_grad_(False)
    x, y = given["x"], given["y"].long() if w.kind == "classes" else given["y"]
    criterion = nn.CrossEntropyLoss() if w.kind == "classes" else nn.MSELoss()
    trained = [p for p in [*rnn.parameters(), *dense.parameters()] if p.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=0.001)

    def step():
        optimizer.zero_grad(set_to_none=True)
        outputs, state = rnn(x)
        last = (state[0] if w.cell == "lstm" else state)[-1]
        loss = criterion(dense(outputs if w.kind == "each" else last), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


run({"torch": torch.__version__}, make)
