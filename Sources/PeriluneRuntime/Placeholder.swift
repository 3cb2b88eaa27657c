// The target is filled in as the layers below it come to stand.
