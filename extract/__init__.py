"""From one report file to one `Report` (`extract.pipeline.extract_file`).

read    a file of any medium → Document             repair    the copy's damage undone → RepairedDocument
forms   what the State printed, as data             tables    statutory tables → figures
prose   sections and counted figures                identity  who, when, what
"""
