#!/usr/bin/env perilune
-- Teaches an LSTM to write like Shakespeare, letter by letter, and lets it write after each epoch:
--     perilune scripts/shakespeare_lstm.lua FILE [epochs] [windows] [written]
-- FILE is a text, such as https://github.com/karpathy/char-rnn/blob/master/data/tinyshakespeare/input.txt; of its
-- windows of 64 letters all are taken, or so many. After each epoch so many letters are written, 120 by default.
local lune = require "perilune"

local path, epochs = arg[1], tonumber(arg[2] or 5)
local limit, length = tonumber(arg[3]) or math.huge, tonumber(arg[4] or 120)
if not path then error("say which text to learn: perilune scripts/shakespeare_lstm.lua FILE", 0) end
local file = assert(io.open(path))
local text = file:read("a")
file:close()

lune.seed(1)
local steps = 64

-- Letters to numbers from 0, in the order in which they first appear.
local letters, codes, numbers = {}, {}, {}
for i = 1, #text do
  local letter = text:sub(i, i)
  if not codes[letter] then
    letters[#letters + 1] = letter
    codes[letter] = #letters - 1
  end
  numbers[i] = codes[letter]
end

-- Windows of letters, and for each letter the one that comes after it.
local count = math.min((#numbers - 1) // steps, limit)
local function windows(first)
  return lune.tensor(table.move(numbers, first, first + count * steps - 1, 1, {}), { dtype = "int32" })
    :reshape { count, steps }
end
local train, val = lune.data.tensors(windows(1), windows(2)):split(0.9)

local model = lune.sequential {
  lune.input({ steps }, { dtype = "int32" }),
  lune.embedding(#letters, 64),
  lune.lstm(256, { return_sequences = true }),
  lune.dense(#letters),               -- after each letter, a number for each one that might follow
}
model:compile { optimizer = lune.adam { lr = 3e-3, clipnorm = 1 }, loss = "sparse_categorical_crossentropy" }
model:summary()

-- Writes letters, each drawn by what the model thinks after the window before it.
local function write()
  local window = table.move(numbers, 1, steps, 1, {})
  local written = {}
  for i = 1, length do
    local scores = model:predict(lune.tensor(window, { dtype = "int32" }):reshape { 1, steps })[1][steps]:totable()
    local highest, sum = math.max(table.unpack(scores)), 0
    for k, score in ipairs(scores) do
      scores[k] = math.exp((score - highest) / 0.8)
      sum = sum + scores[k]
    end
    local left, choice = math.random() * sum, 1
    while choice < #scores and left > scores[choice] do
      left, choice = left - scores[choice], choice + 1
    end
    written[i] = letters[choice]
    table.remove(window, 1)
    window[steps] = choice - 1
  end
  return table.concat(written)
end

local history = model:fit(train, {
  epochs = epochs, batch_size = 32, validation = val,
  callbacks = {
    lune.reduce_lr_on_plateau { patience = 1, factor = 0.3 },
    { on_epoch_end = function(epoch) print(("after epoch %d: %s"):format(epoch, write())) end },
  },
})
print(("validation loss %.3f after %d epochs"):format(history.val_loss[#history.val_loss], #history.epoch))
