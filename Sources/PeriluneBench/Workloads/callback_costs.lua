-- One fit of digits for each callback, by name; `none` has none.
local lune = require "perilune"

local epochs = ...
lune.seed(1)
local train, val = lune.data.digits():split(0.8)
local model = lune.sequential { lune.dense(64, { activation = "relu" }), lune.dense(10) }
model:compile {
  optimizer = lune.sgd { lr = 0.01, momentum = 0.9 },
  loss = "sparse_categorical_crossentropy", metrics = { "accuracy" },
}

local folder = os.tmpname()
os.remove(folder)

local makers = {
  none = function() return nil end,
  early_stopping = function() return lune.early_stopping { patience = 100 } end,
  reduce_lr_on_plateau = function() return lune.reduce_lr_on_plateau { patience = 100 } end,
  learning_rate_scheduler = function() return lune.learning_rate_scheduler(function(_, lr) return lr end) end,
  threshold_stopper = function() return lune.threshold_stopper { monitor = "val_loss", threshold = 1e-9 } end,
  divergence_stopper = function() return lune.divergence_stopper { factor = 1e9 } end,
  terminate_on_nan = function() return lune.terminate_on_nan {} end,
  time_budget = function() return lune.time_budget(1e6) end,
  warm_up = function() return lune.warm_up { steps = 10 } end,
  csv_logger = function() return lune.csv_logger(folder .. ".csv") end,
  json_logger = function() return lune.json_logger(folder .. ".jsonl") end,
  tensorboard = function() return lune.tensorboard(folder .. ".events") end,
  callback_timer = function() return lune.callback_timer {} end,
  stop_file = function() return lune.stop_file(folder .. ".stop") end,
  throughput = function() return lune.throughput {} end,
  memory_monitor = function() return lune.memory_monitor {} end,
  weight_monitor = function() return lune.weight_monitor {} end,
  gradient_monitor = function() return lune.gradient_monitor {} end,
  activation_monitor = function() return lune.activation_monitor {} end,
  lr_monitor = function() return lune.lr_monitor {} end,
  swap_ema_weights = function() return lune.swap_ema_weights {} end,
  stochastic_weight_averaging = function() return lune.stochastic_weight_averaging { start_epoch = 1 } end,
  keep_best_weights = function() return lune.keep_best_weights {} end,
  rollback = function() return lune.rollback { spike = 1e9 } end,
  model_checkpoint = function() return lune.model_checkpoint { dir = folder, keep_last = 1, overwrite = true } end,
  model_checkpoint_background = function()
    return lune.model_checkpoint { dir = folder, keep_last = 1, overwrite = true, background = true }
  end,
}

local fits = {}
for name, make in pairs(makers) do
  fits[name] = function()
    model:fit(train, { epochs = epochs, batch_size = 32, validation = val, verbose = 0, callbacks = { make() } })
  end
end
return fits
