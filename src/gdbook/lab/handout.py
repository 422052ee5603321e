# The one source of the programming lab. `# %%` begins a cell. The cell `variant` is written anew
# for each seed. What stands between `# solution:` and `# end` is the model solution: students get
# `todo(…)` with the sentence after the colon in its place. As it is, this is a program that runs.
# %% [markdown]
# # Programming lab
#
# You take derivatives with torch, walk through a graph, write a step of gradient descent by hand and compare it
# with two of torch's optimizers; then you fit data that you don't see. There are {tasks} tasks and {points} points;
# they take about {hours} hours.
#
# - Write your code where a cell says `todo(…)`, in place of that line. Run the cells from top to bottom.
# - `keep(name, value)` puts an answer into the dictionary `answers` and saves all of them to the file
#   `lab-<your id>.json`. That file is what you hand in. You may keep an answer again; the last one counts.
# - Numbers are compared with an absolute tolerance that float32 meets, so hand in all digits.
# - **A history is logged before the step.** Entry 0 belongs to the start. A run of K steps has K entries. The
#   point after the last step is not logged.
#
# You need PyTorch, NumPy and Matplotlib, nothing else. The parts of the book that it is about: Parts I to III.
#
# %% [markdown]
# ## Before you start
#
# Write your id between the quotation marks: letters and digits, as your course knows you.
#
# %%
STUDENT = ""
if not STUDENT:
    raise ValueError("write your id between the quotation marks of STUDENT")
# %% variant
# %%
import base64
import json

import matplotlib.pyplot as plt
import numpy as np
import torch

FILE = f"lab-{STUDENT}.json"
answers = {}


def todo(what):
    raise NotImplementedError("still to be done: " + what)


def plain(value):
    """Return tensors and arrays, also in lists, as lists of numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value


def keep(name, value):
    """Put an answer into the dictionary and save all answers."""
    answers[name] = plain(value)
    table = {
        "lab": "downhill-lab-1",
        "student": STUDENT,
        "seed": SEED,
        "answers": answers,
    }
    with open(FILE, "w", encoding="utf-8") as file:
        json.dump(table, file)
    print(f"{name} is in {FILE}, {len(answers)} answers of {ANSWERS}")


# %%
def show_run(function, path, losses, title):
    """Draw contours and trajectory, and the loss on a linear and a log axis."""
    path = np.array(plain(path))
    losses = np.array(plain(losses))
    side = 1.2 * np.abs(path).max()
    line = torch.linspace(-side, side, 80)
    heights = [[float(function(torch.stack([x, y]))) for x in line] for y in line]
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4))
    left.contour(line, line, heights, 20)
    left.plot(path[:, 0], path[:, 1], ".-", color="C1")
    left.set_title(title)
    middle.plot(losses)
    right.semilogy(losses)
    for axes in (middle, right):
        axes.set_xlabel("step")
        axes.set_ylabel("loss")
    figure.savefig(f"lab-{title}.png")
    plt.show()


# %% [markdown] gradient
# Let $g(x_0, x_1) = x_0^2/a + \sin(b\,x_1)$, with `A` for $a$ and `B` for $b$. Find the gradient of $g$ at
# `POINT` with torch.
#
# Keep `gradient`: its two numbers.
#
# %%
x = torch.tensor(POINT, requires_grad=True)
# solution: the gradient of g at POINT, by `backward()`, as `slope`
g = x[0] ** 2 / A + torch.sin(B * x[1])
g.backward()
slope = x.grad
# end
keep("gradient", slope)
# %% [markdown] matrix
# Let $f(X) = C \sum_{ij} x_{ij}^2$ for a $3 \times 4$ matrix $X$. What is $\partial f/\partial x_{ij}$? Derive it
# on paper; then let torch compute the gradient at `MATRIX` and compare.
#
# Keep `matrix`: the gradient, three rows of four numbers.
#
# %%
X = torch.tensor(MATRIX, requires_grad=True)
# solution: the gradient of f at X, as `slopes`
(C * (X**2).sum()).backward()
slopes = X.grad
# end
keep("matrix", slopes)
# %% [markdown] graph
# Run the next cell. The result has a `grad_fn`, the last function of the graph. From a function, the first
# entry of `next_functions` leads to the one before it. Start at `result.grad_fn` and follow the first entries
# to the leaf, whose function is `AccumulateGrad`. Collect the name `type(function).__name__` of each.
#
# Keep `graph`: the list of the names, from the result to the leaf.
#
# %%
X = torch.tensor(MATRIX, requires_grad=True)
result = line(X)
# solution: the list of names, from `result.grad_fn` to the leaf, as `order`
order = []
function = result.grad_fn
while function is not None:
    order.append(type(function).__name__)
    before = function.next_functions
    function = before[0][0] if before else None
# end
print(order)
keep("graph", order)
# %% [markdown] sine
# The loss of a sine on five rows of data is
#
# $$\tfrac12 \cdot \tfrac1N \sum_i \bigl(y_i - \sin(\omega x_i + t)\bigr)^2, \qquad N = 5.$$
#
# Derive $\partial/\partial\omega$ and $\partial/\partial t$ on paper, with the chain rule. Compute both at `SINE_AT`,
# which holds $\omega$ and $t$, from your formulas. Then check them with torch.
#
# Keep `sine`: ∂/∂ω and ∂/∂t.
#
# %%
xs, ys = torch.tensor(SINE_X), torch.tensor(SINE_Y)
omega, t = SINE_AT
# solution: both derivatives from your formulas, as `by_omega` and `by_t`
residual = ys - torch.sin(omega * xs + t)
cosine = torch.cos(omega * xs + t)
by_omega = -(residual * cosine * xs).mean()
by_t = -(residual * cosine).mean()
# end
keep("sine", [by_omega, by_t])
# %% [markdown] parabola
# Write `function_parabola(X)`, which returns $C\,(x_0^2 + x_1^2)$ for a tensor `X` of two numbers. Write
# `make_gradient_step(X, function, alpha)`, which takes one step of gradient descent in place: it computes the
# function, calls `backward()`, changes `X` inside of `torch.no_grad()`, and calls `X.grad.zero_()`.
#
# Take 200 steps with α = 0.001 from `START`. Before each step, log a copy of the point and the loss.
#
# Keep `parabola_path`, 200 rows of two numbers, and `parabola_loss`, 200 numbers.
#
# %%
def function_parabola(X):
    # solution: C·(x₀² + x₁²), in torch
    return C * (X**2).sum()
    # end


def make_gradient_step(X, function, alpha):
    # solution: one step in place, with `X.grad.zero_()` at the end
    function(X).backward()
    with torch.no_grad():
        X -= alpha * X.grad
    X.grad.zero_()
    # end


# %%
def descend(function, steps, alpha):
    """Return the points and the losses, each logged before the step."""
    X = torch.tensor(START, requires_grad=True)
    path, losses = [], []
    for _ in range(steps):
        # solution: log a copy of X and the loss, then step
        path.append(X.detach().clone())
        losses.append(function(X).item())
        make_gradient_step(X, function, alpha)
        # end
    return path, losses


path, losses = descend(function_parabola, 200, 0.001)
keep("parabola_path", path)
keep("parabola_loss", losses)
show_run(function_parabola, path, losses, "parabola")
# %% [markdown] skewed
# Let `G` be the matrix of the next cell, which is not symmetric. Write `function_skewed(X)`, which returns
# $10\,v^\top G\,v$ for the vector $v$ in `X`. Take 500 steps with α = 0.001 from `START`, with your
# `make_gradient_step`.
#
# Keep `skewed_path`, 500 rows of two numbers, and `skewed_loss`, 500 numbers.
#
# %%
G = torch.tensor([[1.0, -1.0], [1.0, 1.0]]) @ torch.diag(torch.tensor([1.0, STRETCH]))


def function_skewed(X):
    # solution: 10·vᵀGv, in torch
    return 10 * (X @ G @ X)
    # end


path, losses = descend(function_skewed, 500, 0.001)
keep("skewed_path", path)
keep("skewed_loss", losses)
show_run(function_skewed, path, losses, "skewed")
# %% [markdown] rates
# Two numbers explain the last picture.
#
# (a) Below which learning rate does descent on the skewed function converge from every start? It is 2/λ for the
# largest eigenvalue λ of the Hessian.
#
# (b) On the log axis the loss ends in a straight line. By which factor does the loss change per step there? Read it
# from your logged losses, to four decimals or more.
#
# Keep `largest_rate` and `loss_factor`, one number each.
#
# %%
# solution: both numbers, as `largest_rate` and `loss_factor`
hessian = 10 * (G + G.T)
largest_rate = 2 / torch.linalg.eigvalsh(hessian).max()
loss_factor = losses[-1] / losses[-2]
# end
keep("largest_rate", largest_rate)
keep("loss_factor", loss_factor)
# %% [markdown] optimizers
# Write `train(optimizer, X, steps)`, the loop with one of torch's optimizers on the skewed function: `zero_grad`,
# forward, `backward`, `step`. Log as before, before the step.
#
# (a) `torch.optim.SGD` with `lr=0.001`, 500 steps from `START`. Should the losses differ from those of task 6?
#
# (b) `torch.optim.AdamW` with `lr=1`, 200 steps from `START`.
#
# Keep `sgd_loss`, 500 numbers; `adamw_path`, 200 rows of two numbers; `adamw_loss`, 200 numbers.
#
# %%
def train(optimizer, X, steps):
    path, losses = [], []
    for _ in range(steps):
        # solution: zero the gradient, compute the loss, log, backward, step
        optimizer.zero_grad()
        loss = function_skewed(X)
        path.append(X.detach().clone())
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        # end
    return path, losses


X = torch.tensor(START, requires_grad=True)
path, losses = train(torch.optim.SGD([X], lr=0.001), X, 500)
keep("sgd_loss", losses)

X = torch.tensor(START, requires_grad=True)
path, losses = train(torch.optim.AdamW([X], lr=1), X, 200)
keep("adamw_path", path)
keep("adamw_loss", losses)
show_run(function_skewed, path, losses, "AdamW")
# %% [markdown] blind
# Sixty rows of data are hidden in the next cell, packed so that you don't see the curve. They were made from
# $a \sin(\omega x + t) + c$ with noise. All that you get is `blind_date(w)`: the loss, half the mean of the squared
# residuals, for `w` = $(a, \omega, t, c)$. A loss over four parameters has no contour plot. It has several minima.
# $\omega$ lies between 0 and 4.
#
# Find the lowest minimum. Say how you know that it is the lowest that you can find.
#
# Keep `blind_w`, the four parameters, and `blind_loss`, the loss there.
#
# %%
hidden = np.frombuffer(base64.b64decode(BLIND), dtype="<f4").astype(np.float64)
hidden_x, hidden_y = torch.from_numpy(hidden).reshape(2, 60)


def blind_date(w):
    a, omega, t, c = w
    return ((hidden_y - a * torch.sin(omega * hidden_x + t) - c) ** 2).mean() / 2


# %%
# solution: the parameters with the lowest loss that you find, as `best`
best, best_loss = None, float("inf")
for omega in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5):
    for t in (-2.0, 0.0, 2.0):
        start = [1.0, omega, t, 0.0]
        w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.Adam([w], lr=0.05)
        for _ in range(500):
            optimizer.zero_grad()
            loss = blind_date(w)
            loss.backward()
            optimizer.step()
        if blind_date(w).item() < best_loss:
            best, best_loss = w.detach(), blind_date(w).item()
# end
keep("blind_w", best)
keep("blind_loss", blind_date(best))
# %% [markdown]
# ## Hand in
#
# The next cell says which answers are still missing. Then hand in the file that it names.
#
# %%
missing = [name for name in NAMES if name not in answers]
print("still missing:", ", ".join(missing) or "nothing")
print("hand in:", FILE)
try:
    from google.colab import files
except ImportError:
    pass
else:
    files.download(FILE)
