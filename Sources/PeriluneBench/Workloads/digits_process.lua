-- Digits for 20 epochs with a callback that looks at the logs and sets the learning rate: what a user's run does.
local lune = require "perilune"

lune.seed(0)
local train, val = lune.data.digits():shuffle(0):split(0.8)
local model = lune.sequential {
  lune.dense(128, { activation = "relu" }),
  lune.dense(64, { activation = "relu" }),
  lune.dense(10),
}
model:compile { optimizer = "adam", loss = "sparse_categorical_crossentropy", metrics = { "accuracy" } }
local history = model:fit(train, {
  epochs = 20, batch_size = 32, validation = val, verbose = 0,
  callbacks = {
    { on_epoch_end = function(epoch, logs)
        if logs.val_accuracy > 2 then return "stop" end
        return { lr = logs.lr * 0.98 }
      end },
  },
})
print(history.val_accuracy[#history.val_accuracy])
