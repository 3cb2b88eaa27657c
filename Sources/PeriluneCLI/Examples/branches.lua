-- A model that is no chain: two branches over the same image, joined again.
local lune = require "perilune"

lune.seed(5)
local train, val = lune.data.digits { image = true }:shuffle(5):split(0.8)

local image = lune.input { 8, 8, 1 }
local seen = lune.conv2d(8, 3, { activation = "relu" })(image)
local patterns = lune.flatten()(lune.max_pooling2d(2)(seen))
local pixels = lune.dense(16, { activation = "relu" })(lune.flatten()(image))
local digit = lune.dense(10)(lune.concatenate()({ patterns, pixels }))

local model = lune.model { inputs = image, outputs = digit }
model:summary()
model:compile { optimizer = "adam", loss = "sparse_categorical_crossentropy", metrics = { "accuracy" } }
model:fit(train, { epochs = 5, validation = val, verbose = 2 })
